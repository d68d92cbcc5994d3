# Proves that scripts run with an administrator's full rights.
if (Test-Administrator) {
  Write-Section 'uid' 0 '0'
} else {
  Write-Section 'uid' 1 ((Get-Identity).Name + ' is not an administrator here, or has no full rights over SSH')
}
Write-End
