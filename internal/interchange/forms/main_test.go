package forms

import (
	"os"
	"testing"

	"pm/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
