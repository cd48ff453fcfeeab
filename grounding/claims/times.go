package claims

import (
	"regexp"

	"dalil/corpus"
)

// clock is a time of the day with its minutes: 9:30, ١٣:٠٠.
var clock = regexp.MustCompile(`(?:^|[^\p{Nd}:.,])(\p{Nd}{1,2}):(\p{Nd}{2})(?:[^\p{Nd}:]|$)`)

// halfDay is 12 hours in minutes: 1:00 may be 13:00.
const halfDay = 12 * 60

// timeOfDay is a time in a text.
type timeOfDay struct {
	span    corpus.Span
	minutes int // since midnight or noon
}

// timesOf lists the times of the day in a text.
func timesOf(text string) []timeOfDay {
	var all []timeOfDay
	for at := 0; ; {
		m := clock.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return all
		}
		hour, _ := parse(text[at+m[2] : at+m[3]])
		minute, _ := parse(text[at+m[4] : at+m[5]])
		if hour <= 24 && minute < 60 {
			all = append(all, timeOfDay{corpus.Span{Start: at + m[2], End: at + m[5]}, (int(hour)*60 + int(minute)) % halfDay})
		}
		at += m[5] // what is behind a time may be before the next one
	}
}

// otherTimes lists the times of the day in a claim that a sentence contradicts: it has times, and none is the same.
func otherTimes(claim *claimText, of *sentence) []corpus.Mismatch {
	var all []corpus.Mismatch
	for _, t := range claim.times {
		var other *timeOfDay
		for i := range of.times {
			if other = &of.times[i]; other.minutes == t.minutes {
				other = nil
				break
			}
		}
		if other != nil {
			all = append(all, corpus.Mismatch{Kind: corpus.MismatchNumber, Claim: inAnswer(claim.part, t.span), Source: of.source, Found: inSource(of, other.span)})
		}
	}
	return all
}
