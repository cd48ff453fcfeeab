// Package audit writes who did what into a file of JSON Lines. A record has names,
// ids and outcomes, and never a text, a question or a key. Start with [Open].
package audit

import (
	"encoding/json"
	"time"
)

// Event says what a record is about.
type Event string

// The events.
const (
	Begin   Event = "begin"   // a write or a change of an admin is about to start; it is recorded before anything changes
	End     Event = "end"     // a call has ended, with its outcome
	Written Event = "written" // documents of an ingest stream were written, or the write path failed for them, before their receipts are sent
	Refused Event = "refused" // calls that were refused, one or several
	Command Event = "command" // a command of this machine, without a server, has ended
	Resumed Event = "resumed" // the log could not be written for a while, or its last line was incomplete
)

// Record is one line of the log. Fields that do not apply are left out.
type Record struct {
	Time  time.Time `json:"time"` // UTC; a zero time becomes the time of writing
	Event Event     `json:"event"`
	Call  string    `json:"call,omitempty"` // the same in the records of one call

	Principal string `json:"principal,omitempty"`
	User      string `json:"user,omitempty"` // of the operating system, of a command
	Key       string `json:"key,omitempty"`  // id of the credential, not the credential
	Tenant    string `json:"tenant,omitempty"`
	Peer      string `json:"peer,omitempty"`       // address of the caller, without its port; in summaries of IPv6 a network of 64 bits
	RequestID string `json:"request_id,omitempty"` // x-request-id of the caller

	Method    string   `json:"method,omitempty"` // "/dalil.v1.DocumentService/DeleteDocument", a command such as "index", or "profile"
	Documents []string `json:"documents,omitempty"`
	Count     int      `json:"count,omitempty"`     // of documents, if they are not all listed
	Filter    string   `json:"filter,omitempty"`    // SHA-256 of the filter, because filters contain words; the same filter has the same hash
	Subject   string   `json:"subject,omitempty"`   // what else the call concerns: a collection, an operation, a key, a tenant
	DryRun    bool     `json:"dry_run,omitempty"`   // the call only says what it would do
	Outcomes  Outcomes `json:"outcomes,omitempty"`  // of the documents, by receipt
	Outcome   string   `json:"outcome,omitempty"`   // gRPC code: "OK", "PermissionDenied"
	Reason    string   `json:"reason,omitempty"`    // reason of the error, as callers get it
	Operation string   `json:"operation,omitempty"` // id of the operation that the call began

	Refusals int       `json:"refusals,omitempty"` // how many calls a summary stands for
	Since    time.Time `json:"since,omitzero"`     // beginning of the time that a summary is about
	Lost     int       `json:"lost,omitempty"`     // records that could not be kept while the log could not be written
}

// Outcomes counts documents by what became of them: "indexed", "failed".
type Outcomes map[string]int

// MostDocuments is how many ids one record lists.
const MostDocuments = 100

// line returns the record as a line of the file.
func (r Record) line(now time.Time) []byte {
	if r.Time.IsZero() {
		r.Time = now
	}
	r.Time = r.Time.UTC().Truncate(time.Microsecond)
	r.Since = r.Since.UTC().Truncate(time.Microsecond)
	raw, err := json.Marshal(r)
	if err != nil { // strings, numbers and times can be encoded
		panic(err)
	}
	return append(raw, '\n')
}
