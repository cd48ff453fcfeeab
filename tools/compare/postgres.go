package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pgvector/pgvector-go"
	pgxvector "github.com/pgvector/pgvector-go/pgx"

	"dalil/corpus"
)

// schema has the table of this program; it is dropped at the end.
const schema = "dalil_compare"

// postgres is a PostgreSQL server with the extension pgvector.
type postgres struct {
	address string
	pools   map[string]*pgxpool.Pool // by the name of the way; all have the same size
	version string
	process int
}

// nearest is the question. Vectors have unit length, so the inner product orders them as
// the cosine does, and pgvector computes it faster.
const nearest = "SELECT id, title, text FROM " + schema + ".passages ORDER BY embedding <#> $1 LIMIT 10"

// postgresWays are the settings of the connections of each way.
var postgresWays = []struct {
	name string
	set  map[string]string
}{
	{"dense, exact scan", map[string]string{"enable_indexscan": "off"}},
	{"dense, HNSW, ef_search 40", map[string]string{"hnsw.ef_search": "40"}},
	{"dense, HNSW, ef_search 200", map[string]string{"hnsw.ef_search": "200"}},
}

func openPostgres(ctx context.Context, o *options) (system, error) {
	if o.Postgres == "" {
		return nil, absent("no address was given (--postgres)")
	}
	connection, err := pgx.Connect(ctx, o.Postgres)
	if err != nil {
		return nil, absent("the server does not answer: " + err.Error())
	}
	defer connection.Close(ctx)
	p := &postgres{address: o.Postgres, pools: map[string]*pgxpool.Pool{}}
	for _, statement := range []string{"CREATE EXTENSION IF NOT EXISTS vector", "DROP SCHEMA IF EXISTS " + schema + " CASCADE", "CREATE SCHEMA " + schema} {
		if _, err := connection.Exec(ctx, statement); err != nil {
			return nil, absent(err.Error())
		}
	}
	const versions = `SELECT format('PostgreSQL %s with pgvector %s: shared_buffers %s, maintenance_work_mem %s', current_setting('server_version'),
		extversion, current_setting('shared_buffers'), current_setting('maintenance_work_mem')) FROM pg_extension WHERE extname = 'vector'`
	if err := connection.QueryRow(ctx, versions).Scan(&p.version); err != nil {
		return nil, err
	}
	config := connection.Config()
	p.process = listener(net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))))
	return p, nil
}

func (p *postgres) Load(ctx context.Context, m *material) error {
	for _, w := range postgresWays {
		config, err := pgxpool.ParseConfig(p.address)
		if err != nil {
			return err
		}
		config.MaxConns, config.AfterConnect = callers, pgxvector.RegisterTypes
		for name, value := range w.set {
			config.ConnConfig.RuntimeParams[name] = value
		}
		if p.pools[w.name], err = pgxpool.NewWithConfig(ctx, config); err != nil {
			return err
		}
	}
	pool := p.pools[postgresWays[0].name]
	// PLAIN keeps vectors in the rows, as the manual of pgvector advises for exact scans. They
	// are before the texts, so that they have the same place in every row.
	_, err := pool.Exec(ctx, fmt.Sprintf(`CREATE TABLE %s.passages (id uuid PRIMARY KEY, embedding vector(%d) NOT NULL, title text NOT NULL, text text NOT NULL);
		ALTER TABLE %s.passages ALTER COLUMN embedding SET STORAGE PLAIN`, schema, len(m.passages[0].dense), schema))
	if err != nil {
		return err
	}
	rows := pgx.CopyFromSlice(len(m.passages), func(i int) ([]any, error) {
		one := &m.passages[i]
		return []any{[16]byte(one.id), one.title, one.text, pgvector.NewVector(one.dense)}, nil
	})
	if _, err := pool.CopyFrom(ctx, pgx.Identifier{schema, "passages"}, []string{"id", "title", "text", "embedding"}, rows); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	for _, statement := range []string{
		"CREATE INDEX ON " + schema + ".passages USING hnsw (embedding vector_ip_ops)", "VACUUM ANALYZE " + schema + ".passages", "CHECKPOINT",
	} {
		if _, err := pool.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func (p *postgres) Ways() []way {
	ways := make([]way, len(postgresWays))
	for i, w := range postgresWays {
		pool := p.pools[w.name]
		ways[i] = way{w.name, true, func(ctx context.Context, q *question) ([]hit, error) {
			rows, err := pool.Query(ctx, nearest, pgvector.NewVector(q.dense))
			if err != nil {
				return nil, err
			}
			return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h hit, err error) {
				var id [16]byte
				err = row.Scan(&id, &h.title, &h.text)
				h.id = corpus.ChunkID(id)
				return h, err
			})
		}}
	}
	return ways
}

func (p *postgres) Process() int { return p.process }

func (p *postgres) Disk(ctx context.Context) int64 {
	var bytes int64
	if err := p.pools[postgresWays[0].name].QueryRow(ctx, "SELECT pg_total_relation_size($1)", schema+".passages").Scan(&bytes); err != nil {
		return -1
	}
	return bytes
}

func (p *postgres) About() string {
	return p.version + ". HNSW with the default m 16 and ef_construction 64, inner product, vectors stored PLAIN; prepared statements, vectors in binary form. " +
		"Disk is the table with its indexes, without the write-ahead log."
}

func (p *postgres) Close() error {
	for _, pool := range p.pools {
		pool.Close()
	}
	connection, err := pgx.Connect(context.Background(), p.address)
	if err != nil {
		return err
	}
	_, err = connection.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
	return errors.Join(err, connection.Close(context.Background()))
}
