# Finishes joining this computer to the mesh: asks for an administrator's consent, then runs the script
# that meshctl left in ProgramData\meshctl. Holds no secret and does nothing else.
$script = Join-Path $env:ProgramData 'meshctl\join-mesh.ps1'
if (-not [IO.File]::Exists($script)) {
  Write-Host 'Nothing waits here: this computer has joined, or meshctl has taken the join back.'
  exit 0
}
$powershell = Join-Path ([Environment]::SystemDirectory) 'WindowsPowerShell\v1.0\powershell.exe'
$words = '-NoProfile -ExecutionPolicy Bypass -File "' + $script + '"'
try {
  $run = Start-Process -FilePath $powershell -ArgumentList $words -Verb RunAs -Wait -PassThru
} catch {
  Write-Host ('Not run: ' + $_.Exception.Message)
  exit 1
}
$result = Join-Path $env:ProgramData 'meshctl\result.txt'
try { Write-Host ([IO.File]::ReadAllText($result)) } catch { Write-Host ('Exit code ' + $run.ExitCode) }
exit $run.ExitCode
