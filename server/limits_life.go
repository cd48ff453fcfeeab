package server

import (
	"fmt"

	"google.golang.org/protobuf/types/known/timestamppb"

	dalilv1 "dalil/proto/dalil/v1"
)

// maxETag bounds an etag that a caller expects, in bytes.
const maxETag = 128

func (c *checker) condition(match, noneMatch string) {
	c.atMost("if_match", len(match), maxETag)
	switch {
	case noneMatch != "" && noneMatch != "*":
		c.outside("if_none_match", "*", fmt.Sprintf("%.40q", noneMatch))
	case noneMatch != "" && match != "":
		c.refuse("if_none_match", "cannot be combined with if_match")
	}
}

func (c *checker) version(field string, version *int64) {
	if version != nil && *version < 0 {
		c.outside(field, "0 or more", fmt.Sprint(*version))
	}
}

// life checks when a document may be found.
func (c *checker) life(field string, d *dalilv1.DocumentInput) {
	c.version(field+".source_version", d.SourceVersion)
	from, until := d.GetVisibleFrom(), d.GetExpiresAt()
	sound := true
	for name, t := range map[string]*timestamppb.Timestamp{"visible_from": from, "expires_at": until} {
		c.time(field+"."+name, t)
		sound = sound && (t == nil || t.CheckValid() == nil)
	}
	if sound && from != nil && until != nil && !from.AsTime().Before(until.AsTime()) {
		c.refuse(field+".expires_at", "must be after visible_from")
	}
}
