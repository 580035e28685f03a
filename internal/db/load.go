package db

import (
	"bytes"
	"database/sql/driver"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// Load inserts rows into a temporary table of an Overlay, in the way that is the
// quickest for many of them.
func (tx *Tx) Load(i Insertion, rows [][]any) error {
	if s, is := tx.session.(*serverSession); is && len(rows) > 1 {
		began := time.Now()
		n, err := s.copyIn(i, rows)
		tx.observe(Stmt{Name: i.Name, Text: copyText(i)}, nil, began, n, err)
		return tx.db.translate(err)
	}
	batch := NewBatch(i, max(1, mostMarks/i.width()))
	for _, row := range rows {
		batch.Add(row[0], row[1:])
		if err := batch.Flush(tx, false); err != nil {
			return err
		}
	}
	return batch.Flush(tx, true)
}

// mostMarks is how many parameters a statement for many rows has.
const mostMarks = 4000

func copyText(i Insertion) string {
	return "copy " + i.Table + " (" + i.Columns + ") from stdin"
}

// copyIn inserts rows as PostgreSQL takes in many: one statement, and no
// parameters, of which it would have to learn the types.
func (s *serverSession) copyIn(i Insertion, rows [][]any) (n int64, err error) {
	var text bytes.Buffer
	for _, row := range rows {
		for at, v := range row {
			if at > 0 {
				text.WriteByte('\t')
			}
			if err := writeCopied(&text, v); err != nil {
				return 0, err
			}
		}
		text.WriteByte('\n')
	}
	err = s.conn.Raw(func(c any) error {
		tag, err := c.(*stdlib.Conn).Conn().PgConn().CopyFrom(s.ctx, io.Reader(&text), copyText(i))
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

var copyEscapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

// writeCopied writes a value in the text form of COPY.
func writeCopied(text *bytes.Buffer, v any) error {
	v, err := driver.DefaultParameterConverter.ConvertValue(v)
	switch v := v.(type) {
	case nil:
		text.WriteString(`\N`)
	case int64:
		text.Write(strconv.AppendInt(text.AvailableBuffer(), v, 10))
	case float64:
		text.Write(strconv.AppendFloat(text.AvailableBuffer(), v, 'g', -1, 64))
	case string:
		copyEscapes.WriteString(text, v)
	default:
		return fmt.Errorf("cannot copy a %T", v)
	}
	return err
}
