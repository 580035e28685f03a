package render
import ("testing";"fmt";"pm/internal/plan";"pm/internal/tracker";"pm/internal/store")
func TestDemo(t *testing.T){
 for _, a := range []any{ tracker.Page[plan.Task]{Items:[]plan.Task{held(),waiting(),blocked(),in_review()},More:132}, tracker.Page[plan.Epic]{Items:[]plan.Epic{cards()}}, tracker.Page[plan.Feature]{Items:[]plan.Feature{invoices()}},
  held(), cards(), invoices(), tracker.Changed{Items:[]plan.Task{held(),waiting()}}, tracker.NextTask{Task: ptr(held())}, tracker.NextTask{Why:&store.Unready{Held:3,Waiting:2,Blocked:1,Inactive:5}}, tracker.Dependencies{Task:key("T-E01-F01-001"),DependsOn:links()[1:],Dependants:links()[:1]},
  tracker.Notes{Items:notes()}, whole(), tracker.Page[plan.History]{Items:records()}, nested(), dashboard(), gone(), report()} {
  for _, o := range []Options{terminal(80), terminal(40), terminal(20), pipe()} {
   fmt.Printf("---- %T %d\n%s%s", a, o.Out.Width, text(t,o,a), footer(t,o,a))
  }
 }
}
func ptr[T any](v T)*T{return &v}
