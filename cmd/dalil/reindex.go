package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/reindex"
)

// reindexCommand has the steps that replace one collection with another while searches go on.
type reindexCommand struct {
	Server string `placeholder:"HOST:PORT" help:"Let this running server do the work, and show its progress."`
	connecting

	Status   reindexStatus   `cmd:"" help:"List the collections, with the number of documents that each does not have in the active collection's version."`
	Rebuild  reindexRebuild  `cmd:"" help:"Make a server build a new collection with the settings that its configuration file has now. Needs --server."`
	Compare  reindexCompare  `cmd:"" help:"Run the same questions on the active collection and on another one, and compare the answers."`
	Activate reindexActivate `cmd:"" help:"Make a collection the active one for all servers. Refused while documents are missing in it."`
	Rollback reindexRollback `cmd:"" help:"Make the previous collection the active one again, for all servers, at once."`
	Drop     reindexDrop     `cmd:"" help:"Delete a collection that is not active and was not active recently (see --grace)."`
}

func (*reindexCommand) Help() string {
	return `Use it when the pipeline (model, analyzer, chunker, layout) changes and the store is qdrant. Searches go on throughout.

  1. Edit the configuration file of this command and of the servers. They read it when the collection changes.
  2. "dalil index --rebuild" builds a new collection from the texts in the old one.
  3. "dalil reindex compare" runs the same questions on both collections.
  4. "dalil reindex activate" makes the servers use the new one. They follow within seconds, and no write is lost.
  5. "dalil reindex rollback" makes them use the old one again, if that was a mistake.
  6. "dalil reindex drop NAME" deletes the old one, when you no longer need it.

With --server, a running server does each step; "dalil reindex --server HOST:PORT rebuild" is step 2. The work goes on if the
connection breaks. Ctrl-C cancels it.`
}

// reindexing opens the catalogue of collections and runs f on it.
func reindexing(ctx context.Context, g *Globals, s streams, f func(*app.Reindex, config.Config) error) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	r, err := app.OpenReindex(ctx, settings, logger(settings, s.err))
	if err != nil {
		return err
	}
	err = f(r, settings)
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	return err
}

type reindexStatus struct {
	JSON bool `help:"Print one JSON object."`
}

func (c *reindexStatus) Run(ctx context.Context, g *Globals, parent *reindexCommand, s streams) error {
	if parent.Server != "" {
		return parent.onServer(g, s, func(r *reindexServer) error { return c.remote(ctx, r, s) })
	}
	return reindexing(ctx, g, s, func(r *app.Reindex, _ config.Config) error {
		all, err := r.Collections(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.out, collectionsMessage(all))
		}
		table := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(table, "\tcollection\tmodel\tdocuments\tpassages\tmade\tlast active\tbehind")
		for _, one := range all {
			mark, behind := "", "-"
			if one.Active {
				mark = "*"
			} else {
				lag, err := r.Lag(ctx, one.Name)
				if err != nil {
					return err
				}
				behind = "level"
				if lag.Any() {
					behind = lag.String()
				}
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n", mark, one.Name, one.Pipeline.Model, one.Documents, one.Passages,
				moment(one.CreatedAt), moment(one.ActivatedAt), behind)
		}
		return table.Flush()
	})
}

// remote lists the collections of a server. A server does not compare them.
func (c *reindexStatus) remote(ctx context.Context, r *reindexServer, s streams) error {
	all, err := r.collections(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, &dalilv1.ListCollectionsResponse{Collections: all})
	}
	table := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "\tcollection\tmodel\tdocuments\tpassages\tmade\tlast active")
	for _, one := range all {
		mark, made, left := "", time.Time{}, time.Time{}
		if one.GetActive() {
			mark = "*"
		}
		if one.GetCreatedAt() != nil {
			made = one.GetCreatedAt().AsTime()
		}
		if one.GetActivatedAt() != nil {
			left = one.GetActivatedAt().AsTime()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\t%s\n", mark, one.GetName(), one.GetModel(), one.GetDocuments(), one.GetPassages(), moment(made), moment(left))
	}
	return table.Flush()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

type reindexCompare struct {
	Collection string `arg:"" optional:"" help:"Name of the collection (default: the newest one that was never active)."`

	Questions string `placeholder:"DIR" help:"Folder of judged questions (BEIR layout, or a queries.jsonl with judgements). Default: titles of documents."`
	Sample    int    `default:"100" help:"Largest number of questions, 1 to 1000."`
	Before    string `placeholder:"FILE" help:"Configuration file that the active collection was built with, if its pipeline is different."`
	JSON      bool   `help:"Print one JSON object."`
}

func (c *reindexCompare) Run(ctx context.Context, g *Globals, parent *reindexCommand, s streams) error {
	if c.Sample < 1 || c.Sample > corpus.MaxCompared {
		return fmt.Errorf("--sample: must be 1 to %d, is %d", corpus.MaxCompared, c.Sample)
	}
	if parent.Server != "" {
		return parent.onServer(g, s, func(r *reindexServer) error { return c.remote(ctx, r, s) })
	}
	return reindexing(ctx, g, s, func(r *app.Reindex, _ config.Config) (err error) {
		request := app.CompareRequest{Collection: c.Collection, Questions: reindex.Questions{Set: c.Questions, Sample: c.Sample}}
		if request.Collection == "" {
			if request.Collection, err = r.Next(ctx); err != nil {
				return err
			}
		}
		if c.Before != "" {
			before := *g
			before.ConfigFile = c.Before
			settings, err := before.load(s)
			if err != nil {
				return err
			}
			request.Before = &settings
		}
		compared, err := r.Compare(ctx, request)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.out, comparisonMessage(compared))
		}
		return printComparison(s, compared)
	})
}

// remote makes a server compare the collections, with the titles of its documents as questions.
func (c *reindexCompare) remote(ctx context.Context, r *reindexServer, s streams) error {
	if c.Questions != "" || c.Before != "" {
		return errors.New("--questions and --before cannot be combined with --server: a server reads neither judged questions nor another configuration")
	}
	compared, err := r.compare(ctx, c.Collection, c.Sample)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, comparisonMessage(compared))
	}
	return printComparison(s, compared)
}

func printComparison(s streams, c corpus.Comparison) error {
	fmt.Fprintf(s.out, "%s -> %s, %d questions\n", c.Before, c.After, c.Questions)
	fmt.Fprintf(s.out, "overlap@10 %.3f; documents in both answers moved by %.2f ranks on average; the first document is the same for %.1f %%\n", c.Overlap, c.Moved, 100*c.SameFirst)
	if c.NDCG10 != nil {
		fmt.Fprintf(s.out, "nDCG@10 %.4f -> %.4f\n", c.NDCG10[0], c.NDCG10[1])
	}
	for _, one := range c.Most {
		if _, err := fmt.Fprintf(s.out, "  overlap %.2f, moved %.1f: %s\n", one.Overlap, one.Moved, one.Question); err != nil {
			return err
		}
	}
	return nil
}

type reindexActivate struct {
	Collection string `arg:"" optional:"" help:"Name of the collection (default: the newest one that was never active)."`

	Force bool `help:"Activate the collection even if documents are missing in it."`
}

func (c *reindexActivate) Run(ctx context.Context, g *Globals, parent *reindexCommand, s streams) error {
	if parent.Server != "" {
		return parent.onServer(g, s, func(r *reindexServer) error {
			name, done, err := r.activate(ctx, c.Collection, c.Force)
			if err == nil {
				activated(s, name, done)
			}
			return err
		})
	}
	return reindexing(ctx, g, s, func(r *app.Reindex, _ config.Config) (err error) {
		name := c.Collection
		if name == "" {
			if name, err = r.Next(ctx); err != nil {
				return err
			}
		}
		done, err := r.Activate(ctx, name, c.Force)
		if err != nil {
			return err
		}
		activated(s, name, done)
		return nil
	})
}

// activated prints which collection is active, and warns about documents that it does not have.
func activated(s streams, name string, a corpus.Activation) {
	fmt.Fprintf(s.out, "%s is active\n", name)
	switch {
	case a.Unknown:
		fmt.Fprintf(s.err, "warning: the collections could not be compared, so documents of %s may be missing in %s; \"dalil reindex rollback\" activates the previous collection again\n", a.Before, name)
	case a.Left.Any():
		fmt.Fprintf(s.err, "warning: only in the previous collection %s: %v; \"dalil reindex rollback\" activates it again\n", a.Before, a.Left)
	}
	if a.Late.Any() {
		fmt.Fprintf(s.err, "warning: documents that were written to the previous collection while servers switched: %v; they could not be carried over, because this process does not run the new pipeline\n", a.Late)
	}
}

type reindexRollback struct{}

func (c *reindexRollback) Run(ctx context.Context, g *Globals, parent *reindexCommand, s streams) error {
	if parent.Server != "" {
		return parent.onServer(g, s, func(r *reindexServer) error {
			answer, err := r.admin.RollbackCollection(ctx, &dalilv1.RollbackCollectionRequest{})
			if err != nil {
				return r.readable(err)
			}
			rolledBack(s, answer.GetCollection(), int(answer.GetNewer()))
			return nil
		})
	}
	return reindexing(ctx, g, s, func(r *app.Reindex, _ config.Config) error {
		to, newer, err := r.Rollback(ctx)
		rolledBack(s, to, newer)
		return err
	})
}

func rolledBack(s streams, to string, newer int) {
	if to != "" {
		fmt.Fprintf(s.out, "%s is active again\n", to)
	}
	if newer > 0 {
		fmt.Fprintf(s.err, "warning: %d documents were written while the other collection was active; only that collection has them\n", newer)
	}
}

type reindexDrop struct {
	Collection string `arg:"" help:"Name of the collection, as \"dalil reindex status\" prints it."`

	Grace time.Duration `default:"1h" help:"Shortest time since the collection was created and since it was last active."`
}

func (c *reindexDrop) Run(ctx context.Context, g *Globals, parent *reindexCommand, s streams) error {
	if parent.Server != "" {
		return parent.onServer(g, s, func(r *reindexServer) error {
			if _, err := r.admin.DropCollection(ctx, &dalilv1.DropCollectionRequest{Collection: c.Collection, Grace: durationpb.New(c.Grace)}); err != nil {
				return r.readable(err)
			}
			_, err := fmt.Fprintf(s.out, "%s is deleted\n", c.Collection)
			return err
		})
	}
	return reindexing(ctx, g, s, func(r *app.Reindex, _ config.Config) error {
		if err := r.Drop(ctx, c.Collection, c.Grace); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.out, "%s is deleted\n", c.Collection)
		return err
	})
}
