package main

import (
	"fmt"
	"strings"

	"dalil/access/keys"
	"dalil/audit"
)

// recorded does what a command changes on this machine, and records it in the audit log
// of the configuration, for the tenant of the command. Without a log, record is nil, which records nothing. Calls of a
// server are recorded by the server.
func (g *Globals) recorded(s streams, command, tenant string, do func(record *audit.Recorded) error) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	if settings.Audit.File == "" {
		return do(nil)
	}
	log, err := audit.Open(settings.Audit.File, audit.Options{Flush: settings.Audit.Flush, Lazy: true})
	if err != nil {
		return fmt.Errorf("audit.file: %w", err)
	}
	r := audit.Record{Principal: "operator", User: audit.User(), Method: command, Tenant: tenant}
	record, err := audit.Start(log, settings.Audit.Required, r)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return record.End(do(record))
}

// described returns what the audit log has of a key: "k7QxA1b2C3d4 chatbot search tenant=news".
func described(k keys.Key) string {
	text := k.ID + " " + k.Name + " " + strings.Join(k.Scopes, ",")
	if k.Tenant != "" {
		text += " tenant=" + k.Tenant
	}
	return text
}
