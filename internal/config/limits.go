package config

import (
	"fmt"
	"time"
)

// Limits has the limits of callers that have none of their own.
type Limits struct {
	Requests float64 `koanf:"requests_per_second" doc:"largest number of calls of one caller a second; a batch counts as its requests; 0: unlimited. A key may have its own limits"`
	Tokens   float64 `koanf:"tokens_per_second" doc:"largest number of tokens that are embedded for one caller a second, of questions and documents; ingest streams wait, other calls are refused; 0: unlimited"`
	Streams  int     `koanf:"streams" doc:"largest number of streams that one caller has at once; 0: unlimited"`
	Searches int     `koanf:"searches" doc:"largest number of searches that run at once; others wait, and places go to the callers in turn; if access is configured, one caller gets at most half of them, and a quarter while another one asks; 0: by the number of processors, more if the model or the store is remote"`
}

func (l Limits) validate() error {
	for _, one := range []struct {
		key   string
		value float64
	}{{"requests_per_second", l.Requests}, {"tokens_per_second", l.Tokens}} {
		if !(one.value >= 0 && one.value <= 1e9) {
			return fmt.Errorf("limits.%s: must be 0 to 1000000000, is %g", one.key, one.value)
		}
	}
	if err := within("limits.streams", l.Streams, 0, 1<<20); err != nil {
		return err
	}
	return within("limits.searches", l.Searches, 0, 1<<20)
}

// Audit has the settings of the audit log.
type Audit struct {
	File     string        `koanf:"file" doc:"file of the audit log, in JSON Lines; empty: none"`
	Flush    time.Duration `koanf:"flush" doc:"how long a record may be unflushed; 0: each record is on the disk before its call goes on"`
	Required bool          `koanf:"required" doc:"refuse writes and changes while the audit log cannot be written"`
}

func (a Audit) validate() error {
	if a.Flush < 0 || a.Flush > time.Minute {
		return fmt.Errorf("audit.flush: must be 0 to 1m, is %v", a.Flush)
	}
	return nil
}

// InProcess reports whether the model runs in this process.
func (e Embedder) InProcess() bool {
	return e.Preset == "" && (e.Name == "static" || e.Name == "hash")
}
