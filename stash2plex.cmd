@echo off
rem What Stash starts on Windows; see stash2plex. Arguments: the plugin's folder, then what Stash2Plex.yml says of the entry.
setlocal
set "NODE=%STASH2PLEX_NODE%"
if defined NODE goto run
for %%I in (node.exe) do set "NODE=%%~$PATH:I"
if defined NODE goto run
findstr "^" >nul
echo {"error":"Stash2Plex needs Node 22.19 or newer, and there is none where Stash runs. Install it from https://nodejs.org and start Stash again; see README.md, section Requirements."}
exit /b 1
:run
"%NODE%" "%~dp0src\launcher.cjs"
