# Takes the client off the mesh without logging it out.
$code = 0
$words = ''
$service = Get-ClientService
if ((Get-ClientProgram) -eq '' -or $null -eq $service) {
  $words = 'no client is installed'
} elseif ($service.Status -ne 'Running') {
  # A daemon that does not run cannot be told: it stays off after a reboot too.
  try {
    Set-Service -Name 'Tailscale' -StartupType Disabled
  } catch {
    $code = 1
    $words = $_.Exception.Message
  }
} else {
  $holder = Get-Holder
  if ($holder.NotAsked -ne '') {
    # `down` as another user would take his node over, or be refused.
    $code = 77
    $words = $holder.NotAsked
  } else {
    $answer = Invoke-Client 60 @('down')
    $code = $answer.Code
    $words = Get-Words $answer
  }
}
Write-Section 'down' $code $words
Write-ClientState 'status' (Get-Holder)
Write-End
