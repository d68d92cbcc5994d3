@echo off
rem Runs at the end of Windows setup: dockur/windows copies /oem to C:\OEM and calls this file last.
rem Enables the OpenSSH server and lets the public keys of authorized_keys in. Safe to run again.
rem Log: install.log beside this file.
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0enable-ssh.ps1" -LogFile "%~dp0install.log"
