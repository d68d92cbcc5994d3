# Finishes joining this computer to the mesh: asks for an administrator's consent, then runs the script
# that meshctl left in ProgramData\meshctl. Holds no secret and does nothing else.
#
# Whoever was not logged on when meshctl came may not even see that script without that consent, so whether it
# is there is not asked here: PowerShell ends with -196608 where the file it shall run does not exist.
$script = Join-Path $env:ProgramData 'meshctl\join-mesh.ps1'
$powershell = Join-Path ([Environment]::SystemDirectory) 'WindowsPowerShell\v1.0\powershell.exe'
$words = '-NoProfile -ExecutionPolicy Bypass -File "' + $script + '"'
try {
  $run = Start-Process -FilePath $powershell -ArgumentList $words -Verb RunAs -Wait -PassThru
} catch {
  Write-Host ('Not run: ' + $_.Exception.Message)
  exit 1
}
$code = $run.ExitCode
if ($code -eq -196608) {
  Write-Host 'Nothing waits here: this computer has joined, or meshctl has taken the join back.'
  exit 0
}
if ($code -eq 0) {
  Write-Host 'Done: this computer has joined, or nothing waited here.'
  exit 0
}
# Only an administrator, or who was logged on then, may read why.
$result = Join-Path $env:ProgramData 'meshctl\result.txt'
try { $why = [IO.File]::ReadAllText($result) } catch { $why = 'look into ' + $result + ' as an administrator' }
Write-Host ('Not joined (exit code ' + $code + '): ' + $why)
exit $code
