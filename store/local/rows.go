package local

import (
	"context"
	"database/sql"
	"strings"
)

// rowsTogether is how many rows one statement inserts.
const rowsTogether = 8

// inserting collects rows of one table, because a statement for several rows takes less
// time than one for each.
type inserting struct {
	one, many *sql.Stmt
	columns   int
	values    []any
}

// newInserting prepares the statements that insert into a table with columns, such as
// "passage (place, first, last, text)".
func newInserting(ctx context.Context, c *sql.Conn, table string) (in inserting, err error) {
	in.columns = strings.Count(table, ",") + 1
	row := "(?" + strings.Repeat(",?", in.columns-1) + ")"
	if in.one, err = c.PrepareContext(ctx, "INSERT INTO "+table+" VALUES "+row); err != nil {
		return in, err
	}
	in.many, err = c.PrepareContext(ctx, "INSERT INTO "+table+" VALUES "+row+strings.Repeat(","+row, rowsTogether-1))
	return in, err
}

// add inserts a row, now or with later ones.
func (in *inserting) add(values ...any) error {
	if in.values = append(in.values, values...); len(in.values) < rowsTogether*in.columns {
		return nil
	}
	_, err := in.many.Exec(in.values...)
	in.drop()
	return err
}

// flush inserts the rows that wait.
func (in *inserting) flush() error {
	for at := 0; at < len(in.values); at += in.columns {
		if _, err := in.one.Exec(in.values[at : at+in.columns]...); err != nil {
			return err
		}
	}
	in.drop()
	return nil
}

// drop forgets the rows that wait.
func (in *inserting) drop() {
	clear(in.values)
	in.values = in.values[:0]
}
