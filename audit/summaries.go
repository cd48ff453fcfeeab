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

// summaries counts refusals by group between two flushes.
type summaries struct {
	post func(Record)

	mu     sync.Mutex
	groups map[groupKey]*summary
	sizes  map[bool]int // number of groups, by whether the caller is known
	rest   map[groupKey]*summary
}

// groupKey is what refusals must have in common to be counted together. In the rest
// the group is empty.
type groupKey struct {
	group, outcome, reason string
	known                  bool
}

type summary struct {
	like  Record // the first of the refusals that are not recorded yet
	count int    // of these
}

func newSummaries(post func(Record)) *summaries {
	return &summaries{post: post, groups: map[groupKey]*summary{}, sizes: map[bool]int{}, rest: map[groupKey]*summary{}}
}

func (s *summaries) note(group string, known bool, r Record) {
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := groupKey{group, r.Outcome, r.Reason, known}
	if seen, there := s.groups[k]; there {
		seen.add(r)
		return
	}
	if most := map[bool]int{true: mostKnown, false: mostStrangers}[known]; s.sizes[known] < most {
		s.sizes[known]++
		s.groups[k] = &summary{}
		r.Refusals = 1
		s.post(r)
		return
	}
	k.group = ""
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
				r.Call, r.Documents, r.RequestID, r.Filter, r.Subject = "", nil, "", "", ""
				if one.count > 1 {
					r.Method = ""
				}
				if !k.known {
					r.Peer = k.group
				}
				s.post(r)
			}
			delete(some, k)
		}
	}
	clear(s.sizes)
}
