# Removes the join that waits for a person: key, script, launcher, notes, RunOnce entry, logon task.
$left = Remove-HandOver
Write-Section 'removed' $(if ($left -eq '') { 0 } else { 1 }) $left
Write-End
