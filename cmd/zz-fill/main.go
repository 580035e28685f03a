package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"pm/internal/bench"
	"pm/internal/store"
)

func main() {
	n, _ := strconv.Atoi(os.Args[2])
	ctx := context.Background()
	db, _, err := store.Create(ctx, os.Args[1], store.Options{NormalDurability: true})
	if err != nil {
		panic(err)
	}
	if err := bench.Fill(ctx, db, n, nil); err != nil {
		panic(err)
	}
	fmt.Println(db.Close())
}
