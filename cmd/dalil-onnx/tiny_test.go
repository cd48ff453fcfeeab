package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/tiny/model.onnx again")

// The tiny model: a token's vector is its row of tinyWords plus the row of
// tinyTypes for its type. Its last pieces are far from the padding's, so a mask
// that is left out shows.
var (
	tinyWords = [][]float32{{9, 9, 9}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}, {4, -2, 1}, {-1, 3, 2}, {0.5, 0.25, -4}, {2, 2, -1}}
	tinyTypes = [][]float32{{0.5, 0.5, 0}, {100, 100, 100}}
)

// tinyModel assembles the file by hand: protocol buffers as in onnx.proto.
func tinyModel() []byte {
	port := func(name string, kind uint64, shape ...[]byte) []byte {
		var dims []byte
		for _, d := range shape {
			dims = append(dims, field(1, d)...)
		}
		tensor := append(number(1, kind), field(2, dims)...)
		return append(field(1, []byte(name)), field(2, field(1, tensor))...)
	}
	free := func(name string) []byte { return field(2, []byte(name)) }
	table := func(name string, rows [][]float32) []byte {
		var raw []byte
		for _, row := range rows {
			for _, x := range row {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
			}
		}
		t := append(number(1, uint64(len(rows))), number(1, uint64(len(rows[0])))...)
		return append(append(append(t, number(2, 1)...), field(8, []byte(name))...), field(9, raw)...)
	}
	node := func(kind, output string, inputs ...string) []byte {
		var n []byte
		for _, in := range inputs {
			n = append(n, field(1, []byte(in))...)
		}
		return append(append(n, field(2, []byte(output))...), field(4, []byte(kind))...)
	}
	const float, int64 = 1, 7
	graph := bytes.Join([][]byte{
		field(1, node("Gather", "words_of", "words", "input_ids")),
		field(1, node("Gather", "types_of", "types", "token_type_ids")),
		field(1, node("Add", "last_hidden_state", "words_of", "types_of")),
		field(2, []byte("tiny")),
		field(5, table("words", tinyWords)),
		field(5, table("types", tinyTypes)),
		field(11, port("input_ids", int64, free("batch"), free("tokens"))),
		field(11, port("attention_mask", int64, free("batch"), free("tokens"))),
		field(11, port("token_type_ids", int64, free("batch"), free("tokens"))),
		field(12, port("last_hidden_state", float, free("batch"), free("tokens"), number(1, 3))),
	}, nil)
	return bytes.Join([][]byte{number(1, 8), field(7, graph), field(8, number(2, 13))}, nil)
}

func number(n int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(n)<<3), v)
}

func field(n int, data []byte) []byte {
	b := binary.AppendUvarint(nil, uint64(n)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(data))), data...)
}

func TestTheTinyModelIsFresh(t *testing.T) {
	const file = "testdata/tiny/model.onnx"
	want := tinyModel()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s has %d bytes, want %d that differ (error %v): go test -run Fresh -update", file, len(got), len(want), err)
	}
}
