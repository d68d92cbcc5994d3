# What the client needs of its host: no logs to the vendor.
#
# FORWARD  empty: the client forwards packets of routes by itself on Windows
# LOGS     `off`, or `keep`: whatever is configured

# Write-Result STATUS STAGE EVIDENCE
function Write-Result([int]$Status, [string]$Stage, [string]$Evidence) {
  Write-Section 'stage' $Status $Stage
  Write-Section 'evidence' 0 $Evidence
  Write-Section 'forwarding' 0 ''
  Write-Section 'client-logs' 0 (Get-ClientLogs)
  Write-End
}

if ($Call['LOGS'] -ne 'off') {
  Write-Result 0 '' ''
  return
}
try {
  # Before an installation there is no folder; what the package finds it keeps.
  if (-not [IO.Directory]::Exists($ClientData)) { New-ProtectedFolder $ClientData }
  $lines = @()
  if ([IO.File]::Exists($EnvironmentFile)) {
    $lines = @([IO.File]::ReadAllLines($EnvironmentFile))
    $lines = @($lines | Where-Object { $_ -notmatch '^\s*TS_NO_LOGS_NO_SUPPORT\s*=' })
  }
  if ((Get-ConfiguredLogs) -ne 'off') {
    $lines += 'TS_NO_LOGS_NO_SUPPORT=true'
    # Aside first: a service that starts meanwhile reads the old file or the new one.
    $aside = $EnvironmentFile + '.meshctl-new'
    [IO.File]::WriteAllLines($aside, $lines)
    if ([IO.File]::Exists($EnvironmentFile)) {
      [IO.File]::Replace($aside, $EnvironmentFile, [NullString]::Value)
    } else {
      [IO.File]::Move($aside, $EnvironmentFile)
    }
  }
} catch {
  Write-Result 1 'logs' ($_.Exception.GetBaseException().Message)
  return
}
try {
  $service = Get-ClientService
  if ($null -ne $service -and $service.Status -eq 'Running' -and (Get-ClientLogs) -ne 'off') {
    $service.Stop()
    $service.WaitForStatus('Stopped', [TimeSpan]::FromSeconds(60))
    $service.Start()
    $service.WaitForStatus('Running', [TimeSpan]::FromSeconds(60))
  }
} catch {
  Write-Result 1 'restart' ($_.Exception.GetBaseException().Message)
  return
}
Write-Result 0 '' ''
