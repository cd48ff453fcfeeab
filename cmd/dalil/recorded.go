package main

import (
	"fmt"
	"os/user"

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
	r := audit.Record{Principal: "operator", Method: command, Tenant: tenant}
	if who, err := user.Current(); err == nil {
		r.User = who.Username
	}
	record, err := audit.Start(log, settings.Audit.Required, r)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return record.End(do(record))
}
