# Sets the service to start by itself, starts it, and waits until it answers.

# Write-Result STATUS STAGE EVIDENCE
function Write-Result([int]$Status, [string]$Stage, [string]$Evidence) {
  Write-Section 'stage' $Status $Stage
  Write-Section 'evidence' 0 $Evidence
  Write-ClientState 'state' (Get-Holder)
  Write-End
}

$service = Get-ClientService
if ($null -eq $service) {
  Write-Result 1 'missing' 'there is no service named Tailscale'
  return
}
try {
  Set-Service -Name 'Tailscale' -StartupType Automatic
} catch {
  Write-Result 1 'enable' $_.Exception.Message
  return
}
try {
  if ($service.Status -ne 'Running') {
    # Without waiting: Start-Service would wait for ever.
    $service.Start()
    $service.WaitForStatus('Running', [TimeSpan]::FromSeconds(60))
  }
} catch {
  Write-Result 1 'start' ($_.Exception.GetBaseException().Message)
  return
}

# The daemon answers a while after its service counts as running, longest after an installation.
$evidence = ''
$answers = $false
$end = [DateTime]::UtcNow.AddSeconds(60)
while (-not $answers -and [DateTime]::UtcNow -lt $end) {
  if ((Get-Holder).NotAsked -ne '') {
    $answers = $true
    continue
  }
  $answer = Invoke-Client 10 @('status', '--json', '--peers=false')
  if ($answer.Code -eq 0) {
    $answers = $true
    continue
  }
  $evidence = Get-Words $answer
  Start-Sleep -Seconds 1
}
if ($answers) { Write-Result 0 '' '' } else { Write-Result 1 'answer' $evidence }
