package shingle

import "math"

// duplicateShare is the share of a passage's shingles in better passages that makes it a
// duplicate. A copied report with another headline and a changed word here and there has
// more; two articles about one event have less.
const duplicateShare = 0.7

// Originals recognises passages whose text better passages already have. The zero value
// has met no passage.
type Originals struct {
	met    Set
	prints []uint32
	count  int
	shared []int // with each original
}

// Named returns Originals that also say which passage has the text of a duplicate.
func Named() *Originals { return &Originals{met: Set{owners: []uint16{}}} }

// Meet compares the next passage, which is worse than those before it. It reports whether
// the passage is a duplicate. If it is none, it is an original from now on, with the next
// number: 0 for the first one. With [Named], original is the number of the original that
// had most of a duplicate's text first, of the first 65,536 originals; otherwise it is 0.
func (o *Originals) Meet(text string) (original int, duplicate bool) {
	o.prints = Prints(o.prints[:0], text)
	if o.met.Share(o.prints) < duplicateShare {
		o.met.add(o.prints, uint16(min(o.count, math.MaxUint16)))
		o.count++
		return 0, false
	}
	if o.met.owners != nil {
		original = o.owner()
	}
	return original, true
}

// owner returns the original that had most of the prints first.
func (o *Originals) owner() (best int) {
	o.shared = append(o.shared[:0], make([]int, o.count)...)
	for _, h := range o.prints {
		if at := o.met.find(h); o.met.slots[at] != 0 {
			o.shared[o.met.owners[at]]++
		}
	}
	for i, n := range o.shared {
		if n > o.shared[best] {
			best = i
		}
	}
	return best
}
