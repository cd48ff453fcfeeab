package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// flagMappers parse flags that are numbers, times and names of a list (choice), which
// may be in upper case. Their errors say in words what is expected, instead of naming
// Go types.
func flagMappers() []kong.Option {
	whole := func(bits int) kong.MapperFunc {
		return func(ctx *kong.DecodeContext, target reflect.Value) error {
			return mapped(ctx, "a whole number", func(text string) error {
				n, err := strconv.ParseInt(text, 10, bits)
				target.SetInt(n)
				return err
			})
		}
	}
	return []kong.Option{
		kong.NamedMapper("choice", kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
			var name string
			if err := ctx.Scan.PopValueInto("name", &name); err != nil {
				return err
			}
			target.SetString(strings.ToLower(name))
			return nil
		})),
		kong.KindMapper(reflect.Int, whole(strconv.IntSize)),
		kong.KindMapper(reflect.Int32, whole(32)),
		kong.KindMapper(reflect.Float32, kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
			return mapped(ctx, "a number", func(text string) error {
				x, err := strconv.ParseFloat(text, 32)
				target.SetFloat(x)
				return err
			})
		})),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
			return mapped(ctx, "a time with its unit, such as 500ms, 10s or 1m30s", func(text string) error {
				d, err := time.ParseDuration(text)
				target.SetInt(int64(d))
				return err
			})
		})),
	}
}

func mapped(ctx *kong.DecodeContext, wanted string, set func(text string) error) error {
	var text string
	if err := ctx.Scan.PopValueInto("value", &text); err != nil {
		return err
	}
	if set(text) != nil {
		return fmt.Errorf("must be %s, is %q", wanted, text)
	}
	return nil
}
