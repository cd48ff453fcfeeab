package safetensors_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dalil/embedder/safetensors"
)

func encode(t testing.TB, f *safetensors.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := safetensors.Encode(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// raw builds a file from a header that may lie.
func raw(header string, body int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, body)...)
}

func TestRoundTrip(t *testing.T) {
	types := []safetensors.DType{safetensors.I8, safetensors.F16, safetensors.F32, safetensors.I64}
	rapid.Check(t, func(r *rapid.T) {
		f := &safetensors.File{Tensors: map[string]safetensors.Tensor{}}
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zأ-ي"\\._]{1,9}`), 0, 6, rapid.ID).Draw(r, "names") {
			tensor := safetensors.Tensor{
				DType: rapid.SampledFrom(types).Draw(r, "type"),
				Shape: rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(r, "shape"),
			}
			n := tensor.Elements() * tensor.DType.Size()
			tensor.Data = rapid.SliceOfN(rapid.Byte(), n, n).Draw(r, "data")
			f.Tensors[name] = tensor
		}
		if rapid.Bool().Draw(r, "with metadata") {
			f.Metadata = map[string]string{"format": "pt", "حق": "\"quoted\""}
		}
		b := encode(t, f)
		if !bytes.Equal(b, encode(t, f)) {
			t.Error("equal files gave different bytes")
		}
		got, err := safetensors.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if cut := rapid.IntRange(0, len(b)-1).Draw(r, "cut"); cut < len(b) {
			if _, err := safetensors.Parse(b[:cut]); !errors.Is(err, safetensors.ErrFormat) {
				t.Errorf("the first %d of %d bytes gave %v, want %v", cut, len(b), err, safetensors.ErrFormat)
			}
		}
	})
}

func TestParseRefuses(t *testing.T) {
	const a = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "too few"},
		{"a header longer than the limit", binary.LittleEndian.AppendUint64(nil, 1<<40), "more than the limit"},
		{"a header longer than the file", raw(`{}`, 0)[:9], "in a file of"},
		{"no object", raw(`[]`, 0), "begin with {"},
		{"cut JSON", raw(`{`+a, 8), "EOF"},
		{"text after the object", raw(`{`+a+`} x`, 8), "after the header's object"},
		{"an unknown field", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}`, 8), "unknown field"},
		{"an unknown type", raw(`{"a":{"dtype":"F3","shape":[2],"data_offsets":[0,8]}}`, 8), `"F3" is unknown`},
		{"no shape", raw(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, 4), "shape"},
		{"a negative shape", raw(`{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}`, 8), "not possible"},
		{"an overflowing shape", raw(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0), "not possible"},
		{"a fraction in the shape", raw(`{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}`, 8), "shape"},
		{"too many dimensions", raw(`{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}`, 8), "dimensions"},
		{"one offset", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}`, 8), "data_offsets"},
		{"offsets turned round", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}`, 8), "not within"},
		{"offsets past the end", raw(`{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}`, 8), "not within"},
		{"a size that is not the shape's", raw(`{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}`, 8), "takes 12"},
		{"an overlap", raw(`{`+a+`,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), "inside another"},
		{"a gap", raw(`{`+a+`,"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}`, 16), "belong to no tensor"},
		{"bytes after the last", raw(`{`+a+`}`, 9), "has 9 after its header"},
		{"a name twice", raw(`{`+a+`,`+a+`}`, 8), "two tensors"},
		{"metadata that is not a text", raw(`{"__metadata__":{"a":1}}`, 0), "__metadata__"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := safetensors.Parse(test.data)
			if !errors.Is(err, safetensors.ErrFormat) || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("error %v, want %v naming %q", err, safetensors.ErrFormat, test.want)
			}
			if f != nil {
				t.Error("a refused file was returned")
			}
		})
	}
}

func TestTensorHoldsToTypeAndShape(t *testing.T) {
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{"a": safetensors.FromFloat32(make([]float32, 6), 2, 3)}}
	for _, test := range []struct {
		name  string
		shape []int
		types []safetensors.DType
		want  string // empty: fine
	}{
		{"a", []int{2, 3}, []safetensors.DType{safetensors.F32}, ""},
		{"a", []int{-1, 3}, nil, ""},
		{"b", []int{2, 3}, nil, `no tensor "b"`},
		{"a", []int{2, 3}, []safetensors.DType{safetensors.I8}, "is F32"},
		{"a", []int{3, 2}, nil, "has shape [2 3]"},
		{"a", []int{6}, nil, "has shape [2 3]"},
	} {
		_, err := f.Tensor(test.name, test.shape, test.types...)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("Tensor(%q, %v, %v): %v, want %q", test.name, test.shape, test.types, err, test.want)
		}
	}
}

// TestFloat16 checks every half-precision number against its definition.
func TestFloat16(t *testing.T) {
	for h := range 1 << 16 {
		exponent, fraction := h>>10&0x1f, float64(h&0x3ff)
		var want float64
		switch exponent {
		case 0:
			want = fraction / 1024 * math.Pow(2, -14)
		case 0x1f:
			want = math.Inf(1)
			if fraction != 0 {
				want = math.NaN()
			}
		default:
			want = (1 + fraction/1024) * math.Pow(2, float64(exponent-15))
		}
		if h&0x8000 != 0 {
			want = -want
		}
		got := float64(safetensors.Float16(uint16(h)))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != math.Signbit(want) && !math.IsNaN(want) {
			t.Fatalf("Float16(%#04x) = %v, want %v", h, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	floats := []float32{0, -1.5, float32(math.Inf(1)), 3e38}
	got, err := safetensors.FromFloat32(floats, 4).Floats()
	if diff := cmp.Diff(floats, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = safetensors.FromInt8([]int8{-128, -1, 0, 127}, 2, 2).Floats()
	if diff := cmp.Diff([]float32{-128, -1, 0, 127}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	integers, err := safetensors.Tensor{DType: safetensors.I32, Shape: []int{2}, Data: []byte{255, 255, 255, 255, 1, 2, 0, 0}}.Integers()
	if diff := cmp.Diff([]int64{-1, 513}, integers); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := (safetensors.Tensor{DType: safetensors.U64}).Floats(); err == nil {
		t.Error("U64 was read as floats")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(encode(f, &safetensors.File{Tensors: map[string]safetensors.Tensor{
		"a": safetensors.FromFloat32([]float32{1, 2}, 1, 2), "b": safetensors.FromInt8([]int8{1}, 1),
	}, Metadata: map[string]string{"k": "v"}}))
	f.Add(raw(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := safetensors.Parse(data)
		if err != nil {
			if !errors.Is(err, safetensors.ErrFormat) {
				t.Errorf("error %v is not %v", err, safetensors.ErrFormat)
			}
			return
		}
		for name, tensor := range file.Tensors {
			if len(tensor.Data) != tensor.Elements()*tensor.DType.Size() {
				t.Errorf("tensor %q: %d bytes for shape %v of %s", name, len(tensor.Data), tensor.Shape, tensor.DType)
			}
		}
		var b bytes.Buffer
		if err := safetensors.Encode(&b, file); err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		if again, err := safetensors.Parse(b.Bytes()); err != nil || cmp.Diff(file, again) != "" {
			t.Errorf("written and read again: %v", err)
		}
	})
}
