# Restarts the daemon so that it forgets a key that was refused (it would try that one again, and a later
# `up` would show the old error).
$code = 0
$words = ''
$service = Get-ClientService
try {
  if ($null -eq $service) { throw 'there is no service named Tailscale' }
  if ($service.Status -ne 'Stopped') {
    $service.Stop()
    $service.WaitForStatus('Stopped', [TimeSpan]::FromSeconds(60))
  }
  $service.Start()
  $service.WaitForStatus('Running', [TimeSpan]::FromSeconds(60))
} catch {
  $code = 1
  $words = $_.Exception.GetBaseException().Message
}
$end = [DateTime]::UtcNow.AddSeconds(30)
while ($code -eq 0 -and [DateTime]::UtcNow -lt $end) {
  if ((Get-Holder).NotAsked -ne '') { break }
  if ((Invoke-Client 10 @('status', '--json', '--peers=false')).Code -eq 0) { break }
  Start-Sleep -Seconds 1
}
Write-Section 'restart' $code $words
Write-ClientState 'state' (Get-Holder)
Write-End
