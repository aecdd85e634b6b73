import { useEffect, useState } from 'react';
import { Nav, Tab } from 'react-bootstrap';
import { useParams } from 'react-router-dom';
import { ask } from './ask.ts';
import { container, patched } from './patch.ts';

interface Scene {
  id: string;
  title: string;
  updated_at: string;
}

const Tabs = container<{ scene: Scene }>('ScenePage.Tabs');
const TabContent = container<{ scene: Scene }>('ScenePage.TabContent');

const ScenePageInner = patched<{ scene: Scene }>('ScenePage', (props) => {
  const [active, setActive] = useState('scene-details-panel');
  return (
    <div className="p-3">
      <h3>{props.scene.title}</h3>
      <Tab.Container activeKey={active} onSelect={(key) => key && setActive(key)}>
        <Nav variant="tabs" className="mr-auto">
          <Tabs {...props}>
            <Nav.Item>
              <Nav.Link eventKey="scene-details-panel">Details</Nav.Link>
            </Nav.Item>
            <Nav.Item>
              <Nav.Link eventKey="scene-edit-panel">Edit</Nav.Link>
            </Nav.Item>
          </Tabs>
        </Nav>
        <Tab.Content>
          <TabContent {...props}>
            <Tab.Pane eventKey="scene-details-panel">
              <p>{props.scene.title}</p>
            </Tab.Pane>
            <Tab.Pane eventKey="scene-edit-panel">
              <p>Edit</p>
            </Tab.Pane>
          </TabContent>
        </Tab.Content>
      </Tab.Container>
    </div>
  );
});

/** A scene's page, as far as plugins add to it. */
export function ScenePage() {
  const { id } = useParams<{ id: string }>();
  const [scene, setScene] = useState<Scene | null>();
  useEffect(() => {
    const query = 'query ($id: ID!) { findScene(id: $id) { id title updated_at } }';
    ask<{ findScene: Scene | null }>(query, { id }).then(({ findScene }) => setScene(findScene));
  }, [id]);
  return scene ? <ScenePageInner scene={scene} /> : null;
}
