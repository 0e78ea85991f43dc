package city_test

import (
	"fmt"
	"os"
	"path/filepath"

	"callbox/data/city"
)

func ExampleSample() {
	c, err := city.Sample(city.SampleOptions{Seed: 1})
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Areas.Len(), "areas,", len(c.Posts), "posts")
	fmt.Println(c.Areas.At(c.Posts[0].At), c.Posts[0].ID)
	// Output:
	// 385 areas, 500 posts
	// [28C 28] 28C-1
}

func ExampleOpen() {
	parent, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "city")
	c, err := city.Sample(city.SampleOptions{Seed: 1, Columns: 2, Rows: 2})
	if err != nil {
		panic(err)
	}
	if err := c.Write(dir); err != nil {
		panic(err)
	}
	c, err = city.Open(dir)
	fmt.Println(c.Name, c.Areas.Len(), err)
	// Output: sample 20 <nil>
}
