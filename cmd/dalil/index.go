package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dalil/audit"
	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/task"
)

type indexCommand struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Folders, files, globs (** matches any number of folders), or - for JSON Lines on standard input. Optional with --rebuild."`

	remote
	Exclude     []string      `placeholder:"GLOB" sep:"none" help:"Leave out files that match this pattern, which has the syntax of a line of .dalilignore. May be repeated."`
	IDPrefix    string        `name:"id-prefix" placeholder:"TEXT" help:"Text to put before every id, so that equal file names in two folders get different ids."`
	IfMatch     string        `placeholder:"ETAG" help:"Write a document only if the index has it with this etag, or with any (*). Others fail."`
	IfNoneMatch bool          `help:"Write only documents that the index does not have. Others fail."`
	Replace     bool          `help:"Replace documents that were indexed from another folder. Without this flag they are refused."`
	Prune       bool          `help:"Delete documents that were indexed from PATH and whose files no longer exist."`
	Rebuild     bool          `help:"Build a new collection beside the old one, for another model or pipeline. It is built from PATH or, without PATH, from the texts in the old collection. If nothing failed, the embedded store then replaces the old collection with the new one. On Qdrant, use --activate or \"dalil reindex activate\" for that."`
	From        string        `placeholder:"DIR" help:"With --rebuild: read the texts from the embedded store in this folder, for example to move it to Qdrant."`
	Activate    bool          `help:"With --rebuild: replace the old collection with the new one if nothing failed."`
	Salvage     bool          `help:"With --rebuild and without PATH: skip and list the documents of a damaged store that cannot be read, and keep the old collection of the embedded store under another name. Exit code 1 if a document is missing."`
	Partition   string        `placeholder:"I/N" help:"Index only partition I of N. A hash of the id assigns each document to a partition, so N runs on any machines index everything."`
	RetryFor    time.Duration `name:"patience" default:"1m" placeholder:"DURATION" help:"Stop if nothing could be written for this long because the store or the embedder is down (default ${default}; 0: never)."`
	DryRun      bool          `help:"Print what would be done, and write nothing."`
	JSON        bool          `help:"Print one JSON object with the counts and the failures."`
}

func (c *indexCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if c.IfMatch != "" && c.IfNoneMatch {
		return errors.New("--if-match and --if-none-match exclude each other")
	}
	request := indexer.Request{If: corpus.Condition{ETag: c.IfMatch, Absent: c.IfNoneMatch}, Paths: c.Paths, Exclude: c.Exclude, Stdin: s.in, Prune: c.Prune, Prefix: c.IDPrefix, Replace: c.Replace, DryRun: c.DryRun, RetryFor: c.RetryFor}
	if c.Partition != "" {
		var ok bool
		if request.Part, request.Of, ok = share(c.Partition); !ok {
			return fmt.Errorf("--partition: must be I/N with I from 1 to N, such as 2/8; is %q", c.Partition)
		}
	}
	if rebuilds := c.Rebuild || c.Activate || c.Salvage || c.From != ""; !rebuilds { // check first, so that a wrong call creates no store
		if err := request.Check(); err != nil {
			return err
		}
	}
	bar := newProgress(s, indexer.CountFiles(c.Paths))
	summary, err := c.index(ctx, g, s, request, bar.receipt)
	bar.done()
	if err != nil {
		err = c.stopped(ctx, err, summary)
		summary.Stopped = err
	}
	if err != nil && summary.Receipts == 0 {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(s.out).Encode(summaryJSON(summary))
	} else {
		err = c.print(s, summary)
	}
	switch {
	case err != nil:
		return err
	case summary.Stopped != nil:
		return summary.Stopped
	case summary.Failed > 0, len(summary.Missing) > 0:
		return errPartly
	}
	return nil
}

func (c *indexCommand) index(
	ctx context.Context, g *Globals, s streams, request indexer.Request, progress func(corpus.Receipt),
) (indexer.Summary, error) {
	if err := c.check(); err != nil {
		return indexer.Summary{}, err
	}
	if c.Rebuild {
		return c.changing(g, s, "index --rebuild", progress, func(progress func(corpus.Receipt)) (indexer.Summary, error) {
			return c.rebuild(ctx, g, s, request, progress)
		})
	}
	if c.Server != "" {
		connection, err := c.connect(c.Server, g, s)
		if err != nil {
			return indexer.Summary{}, err
		}
		defer connection.Close()
		return task.IndexRemote(ctx, connection, request, progress)
	}
	if err := c.local(); err != nil {
		return indexer.Summary{}, err
	}
	write := func(opens opener, progress func(corpus.Receipt)) (indexer.Summary, error) {
		a, err := open(ctx, g, s, opens)
		if err != nil {
			return indexer.Summary{}, err
		}
		summary, err := a.Index(operating(ctx, c.Tenant), request, progress)
		if closeErr := a.Close(); err == nil {
			err = closeErr
		}
		return summary, err
	}
	if c.DryRun {
		return write(app.OpenDryRun, progress)
	}
	return c.changing(g, s, "index", progress, func(progress func(corpus.Receipt)) (indexer.Summary, error) { return write(app.Open, progress) })
}

// changing records the receipts of a command in the audit log.
func (c *indexCommand) changing(
	g *Globals, s streams, command string, progress func(corpus.Receipt), do func(func(corpus.Receipt)) (indexer.Summary, error),
) (summary indexer.Summary, err error) {
	err = g.recorded(s, command, c.Tenant, func(record *audit.Recorded) (err error) {
		summary, err = do(func(r corpus.Receipt) {
			record.Document(r)
			progress(r)
		})
		return err
	})
	return summary, err
}

// share parses I/N.
func share(s string) (part, of int, ok bool) {
	i, n, ok := strings.Cut(s, "/")
	if !ok {
		return 0, 0, false
	}
	part, partErr := strconv.Atoi(i)
	of, ofErr := strconv.Atoi(n)
	return part, of, partErr == nil && ofErr == nil && 1 <= part && part <= of
}

// check refuses flags that contradict each other.
func (c *indexCommand) check() error {
	switch {
	case !c.Rebuild && len(c.Paths) == 0:
		return errors.New("PATH is missing: give a file, a folder, a glob or - for standard input")
	case !c.Rebuild && (c.From != "" || c.Activate):
		return errors.New("--from and --activate need --rebuild")
	case c.Salvage && (!c.Rebuild || len(c.Paths) > 0):
		return errors.New("--salvage needs --rebuild, and cannot be combined with PATH")
	case c.Rebuild && (c.Server != "" || c.DryRun || c.Prune):
		return errors.New("--rebuild cannot be combined with --server, --dry-run or --prune")
	case c.Rebuild && c.Partition != "" && len(c.Paths) == 0:
		return errors.New("--partition needs PATH")
	case c.Partition != "" && c.Activate:
		return errors.New("--partition cannot be combined with --activate")
	case c.Rebuild && c.Tenant != "":
		return errors.New("--rebuild cannot be combined with --tenant: it rebuilds the documents of all tenants")
	case c.From != "" && len(c.Paths) > 0:
		return errors.New("--from cannot be combined with PATH")
	}
	return nil
}

// rebuild fills a new collection and, if requested, activates it. If documents
// failed, the old collection stays active.
func (c *indexCommand) rebuild(
	ctx context.Context, g *Globals, s streams, request indexer.Request, progress func(corpus.Receipt),
) (summary indexer.Summary, err error) {
	settings, err := g.load(s)
	if err != nil {
		return summary, err
	}
	openRebuild := app.OpenRebuild
	if len(c.Paths) > 0 && c.Partition == "" { // all partitions go into one collection
		openRebuild = app.OpenNewRebuild
	}
	a, err := openRebuild(ctx, settings, logger(settings, s.err))
	if err != nil {
		return summary, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if len(c.Paths) > 0 {
		summary, err = a.Index(ctx, request, progress)
	} else {
		fill := a.Rebuild
		if c.Salvage {
			fill = a.RebuildSalvaged
		}
		summary, err = fill(ctx, c.From, progress)
	}
	switch {
	case err != nil:
		return summary, err
	case summary.Failed > 0:
		return summary, fmt.Errorf("%d documents failed, so the old collection stays in use", summary.Failed)
	case c.Activate || a.Reindexable() != nil: // a store with one collection replaces it at the end
		late, err := a.Activate(ctx)
		if err == nil && late.Any() {
			fmt.Fprintf(s.err, "warning: documents that were written to the old collection meanwhile are not in the new one: %v\n", late)
		}
		return summary, err
	}
	fmt.Fprintln(s.err, "the new collection is ready beside the old one; continue with \"dalil reindex compare\" and \"dalil reindex activate\"")
	return summary, nil
}

func (c *indexCommand) print(s streams, summary indexer.Summary) error {
	would := ""
	if c.DryRun {
		would = " (dry run: nothing was written)"
	}
	stale := ""
	if summary.Stale > 0 {
		stale = fmt.Sprintf(", %d stale", summary.Stale)
	}
	fmt.Fprintf(s.out, "%d indexed, %d unchanged, %d failed, %d deleted%s; %d passages, %d tokens embedded, in %v%s\n",
		summary.Indexed, summary.Unchanged, summary.Failed, summary.Deleted, stale, summary.Chunks, summary.Tokens,
		summary.Elapsed.Round(time.Millisecond), would)
	if summary.Cut > 0 {
		fmt.Fprintf(s.err, "warning: the embedding provider truncated %d passages\n", summary.Cut)
	}
	if err := printWarnings(s, summary); err != nil {
		return err
	}
	if err := printFailures(s, summary.Failures); err != nil {
		return err
	}
	return printMissing(s, summary.Missing)
}

// listed is how many documents are named for each reason of a failure and for each
// warning. The others are only counted.
const listed = 10

// printWarnings names the first documents with each warning and counts the others.
func printWarnings(s streams, summary indexer.Summary) error {
	times := map[string]int{}
	var order []string
	for _, w := range summary.Warnings {
		for _, text := range w.Warnings {
			if times[text]++; times[text] == 1 {
				order = append(order, text)
			}
			if times[text] > listed {
				continue
			}
			if _, err := fmt.Fprintf(s.err, "warning: %s: %s\n", plainName(place(w)), plain(text)); err != nil {
				return err
			}
		}
	}
	for _, text := range order {
		if more := times[text] - listed; more > 0 {
			fmt.Fprintf(s.err, "warning: %d more documents: %s\n", more, plain(text))
		}
	}
	if more := summary.Warned - len(summary.Warnings); more > 0 {
		fmt.Fprintf(s.err, "warning: %d more documents have warnings\n", more)
	}
	return nil
}

// printFailures names the documents that failed and why.
func printFailures(s streams, failures []corpus.Receipt) error {
	times := map[string]int{}
	var reasons []string // in the order of their first document
	for _, f := range failures {
		why := plain(reason(f))
		if times[why]++; times[why] == 1 {
			reasons = append(reasons, why)
		}
		if times[why] > listed {
			continue
		}
		if _, err := fmt.Fprintf(s.err, "failed: %s: %s\n", plainName(place(f)), why); err != nil {
			return err
		}
	}
	for _, why := range reasons {
		if more := times[why] - listed; more > 0 {
			if _, err := fmt.Fprintf(s.err, "failed: %d more documents: %s\n", more, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// reason returns why a document failed, without the document's name at the
// beginning, because the printed line begins with the name.
func reason(f corpus.Receipt) string {
	text := f.Err.Error()
	for _, prefix := range []string{f.Source + ": ", "open " + f.Source + ": ", "stat " + f.Source + ": ", "read " + f.Source + ": "} {
		if f.Source != "" {
			text = strings.TrimPrefix(text, prefix)
		}
	}
	return text
}

// place names a document for people: by its file if it has one, otherwise by its id.
func place(r corpus.Receipt) string {
	if r.Source != "" {
		return r.Source
	}
	return r.DocumentID
}

func summaryJSON(summary indexer.Summary) any {
	type failure struct {
		DocumentID string `json:"document_id,omitempty"`
		Source     string `json:"source,omitempty"`
		Reason     string `json:"reason"`
	}
	failures := []failure{}
	for _, f := range summary.Failures {
		failures = append(failures, failure{f.DocumentID, f.Source, f.Err.Error()})
	}
	missing := []failure{}
	for _, d := range summary.Missing {
		missing = append(missing, failure{DocumentID: d.DocumentID, Reason: d.Err.Error()})
	}
	type warned struct {
		DocumentID string   `json:"document_id,omitempty"`
		Source     string   `json:"source,omitempty"`
		Warnings   []string `json:"warnings"`
	}
	warnings := []warned{}
	for _, w := range summary.Warnings {
		warnings = append(warnings, warned{w.DocumentID, w.Source, w.Warnings})
	}
	stopped := ""
	if summary.Stopped != nil {
		stopped = summary.Stopped.Error()
	}
	return struct {
		indexer.Summary
		Stopped  string    `json:"stopped,omitempty"` // why the run ended before its input did
		Seconds  float64   `json:"seconds"`
		Warnings []warned  `json:"warnings"`
		Failures []failure `json:"failures"`
		Missing  []failure `json:"missing"` // documents that a rebuild with --salvage could not read
	}{summary, stopped, summary.Elapsed.Seconds(), warnings, failures, missing}
}
