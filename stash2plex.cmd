@echo off
rem What Stash starts on Windows; see stash2plex. Arguments: the plugin's folder, then what Stash2Plex.yml says of the entry. Hooks are
rem recorded by Node here.
setlocal
set "NODE=%STASH2PLEX_NODE%"
if not defined NODE goto search
if exist "%NODE%" goto run
findstr "^" >nul
echo {"error":"STASH2PLEX_NODE names no program that can be run here. Correct it where Stash is started, or remove it."}
exit /b 1
:search
for %%I in (node.exe) do set "NODE=%%~$PATH:I"
if defined NODE goto run
findstr "^" >nul
echo {"error":"Stash2Plex needs Node 22.19 or newer, and there is none where Stash runs. Install it from https://nodejs.org and start Stash again; see docs/install.md in the folder of the plugin."}
exit /b 1
:run
"%NODE%" "%~dp0src\launcher.cjs"
