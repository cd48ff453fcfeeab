package store

import "time"

// openWithin is the time that a server may need to open the next collection after it
// has noticed that the alias moved. Until then it writes to the previous one.
const openWithin = time.Second

// Pause is how long an activation waits between moving the alias and carrying over what
// was written to the previous collection meanwhile. poll is how often servers check which
// collection is active.
func Pause(poll time.Duration) time.Duration { return max(2*poll, poll+openWithin) }

// Lease is how long after a look at the alias a server may acknowledge writes to the
// collection that it pointed to. It is longer than servers usually need to switch, and
// shorter than the pause of an activation, which so carries all these writes over.
func Lease(poll time.Duration) time.Duration { return poll + openWithin/2 }
