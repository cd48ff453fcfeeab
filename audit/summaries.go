package audit

import (
	"sync"
	"time"
)

// The largest numbers of groups whose refusals are counted apart.
const (
	mostStrangers = 100
	mostKnown     = 1000
)

// mostDetails is the largest number of kinds of refusals that are counted apart in one
// group. Further ones are counted together.
const mostDetails = 16

// summaries counts refusals by group between two flushes.
type summaries struct {
	post func(Record)

	mu     sync.Mutex
	groups map[groupKey]*summary
	sizes  map[bool]map[string]int // number of details of each group, by whether the caller is known
	rest   map[groupKey]*summary
}

// groupKey is what refusals must have in common to be counted together. In the rest
// the group is empty.
type groupKey struct {
	group, outcome, reason string
	known                  bool
	// The cause, and of a known caller the method. They are empty in the refusals of a
	// group beyond mostDetails.
	cause, method string
}

type summary struct {
	like  Record // the first of the refusals that are not recorded yet
	count int    // of these
}

func newSummaries(post func(Record)) *summaries {
	return &summaries{post: post, groups: map[groupKey]*summary{}, sizes: noSizes(), rest: map[groupKey]*summary{}}
}

func noSizes() map[bool]map[string]int { return map[bool]map[string]int{true: {}, false: {}} }

func (s *summaries) note(group string, known bool, r Record) {
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := groupKey{group: group, outcome: r.Outcome, reason: r.Reason, known: known, cause: r.Subject}
	if known { // a stranger's method says little, and there are many
		k.method = r.Method
	}
	details, listed := s.sizes[known][group]
	if _, there := s.groups[k]; !there && details >= mostDetails {
		k.cause, k.method = "", ""
	}
	if seen, there := s.groups[k]; there {
		seen.add(r)
		return
	}
	if most := map[bool]int{true: mostKnown, false: mostStrangers}[known]; listed || len(s.sizes[known]) < most {
		s.sizes[known][group]++
		s.groups[k] = &summary{}
		r.Refusals = 1
		s.post(r)
		return
	}
	k.group, k.cause, k.method = "", "", ""
	if s.rest[k] == nil {
		s.rest[k] = &summary{}
	}
	s.rest[k].add(Record{Event: Refused, Time: r.Time, Outcome: r.Outcome, Reason: r.Reason})
}

func (s *summary) add(r Record) {
	if s.count++; s.count == 1 {
		s.like = r
	}
}

// flush records the numbers of refusals since the last flush.
func (s *summaries) flush(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, some := range []map[groupKey]*summary{s.groups, s.rest} {
		for k, one := range some {
			if one.count > 0 {
				r := one.like
				r.Since, r.Time, r.Refusals = r.Time, now, one.count
				r.Call, r.Documents, r.RequestID, r.Filter, r.Subject = "", nil, "", "", k.cause
				if one.count > 1 {
					r.Method = k.method
				}
				if !k.known {
					r.Peer = k.group
				}
				s.post(r)
			}
			delete(some, k)
		}
	}
	s.sizes = noSizes()
}
