# Joins the mesh, or starts a stopped client, with a complete flag set and as the user who probes, since
# the client belongs to whoever joins it (reference tailscale-client.md 3).
#
# ARGS           one `tailscale up` flag a line, without key and timeout; empty for a bare `up`
# TIMEOUT        seconds for `up`
# AUTH_KEY_FILE  path of the key file in the private folder; not set where no key is needed

$timeout = [int]$Call['TIMEOUT']
$flags = @(Get-Lines $Call['ARGS'])
$code = 127
$words = 'tailscale: not found'
$lock = $null
$locked = $true
try {
  if ((Get-ClientProgram) -ne '') {
    $lock = Get-JoinLock
    $locked = $null -ne $lock
    if (-not $locked) {
      $code = 75
      $words = 'another meshctl run is joining this host'
    } else {
      # Right after an installation the daemon has no backend yet.
      $end = [DateTime]::UtcNow.AddSeconds(30)
      while ([DateTime]::UtcNow -lt $end) {
        if ((Get-Holder).NotAsked -ne '') { break }
        if ((Invoke-Client 10 @('status', '--json', '--peers=false')).Code -eq 0) { break }
        Start-Sleep -Seconds 1
      }
      $command = @('up') + $flags
      if ($Call['AUTH_KEY_FILE']) { $command += '--auth-key=file:' + $Call['AUTH_KEY_FILE'] }
      # With a single flag, `--timeout` too, `up` wants all that are not default.
      if ($flags.Count -gt 0) { $command += '--timeout=' + $timeout + 's' }
      # `--timeout` counts only from the moment the preferences are applied; the outer limit always.
      $answer = Invoke-Client ($timeout + 15) $command
      $code = $answer.Code
      $words = Get-Words $answer
      if ($code -eq 0 -and $flags.Count -eq 0) {
        # Older clients end unattended mode with a bare `up` (upstream #6763).
        $kept = Invoke-Client 30 @('set', '--unattended=true')
        if ($kept.Code -ne 0) {
          $code = $kept.Code
          $words = Get-Words $kept
        }
      }
      if ($code -eq 0) {
        [IO.File]::WriteAllText((Join-Path (Get-DataFolder) 'joined-by'), (Get-Identity).User.Value)
      }
    }
  }
} finally {
  Remove-SecretFiles
  if ($null -ne $lock) { $lock.Dispose() }
}
Write-Section 'up' $code $words
Write-ClientState 'status' (Get-Holder)
Write-End
