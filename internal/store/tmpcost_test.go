package store_test
import ("testing";"math/rand/v2";"pm/internal/plan";"pm/internal/store";"pm/internal/store/storetest";"fmt";"database/sql";"syscall";"os";"time")
func cpu() time.Duration { var u syscall.Rusage; syscall.Getrusage(0,&u); return time.Duration(u.Utime.Nano()+u.Stime.Nano()) }
func TestTmpCost(t *testing.T){
 if os.Getenv("TMPCOST")=="" {t.Skip()}
 c1:="create index idx_tasks_status_created_at on tasks (status, created_at, id)"
 c2:="create index idx_tasks_status_updated_at on tasks (status, updated_at, id)"
 cc1:="create index idx_tasks_status_created_at on tasks (status, created_at, id, updated_at, priority, agent_type, assigned_agent)"
 cc2:="create index idx_tasks_status_updated_at on tasks (status, updated_at, id, created_at, priority, agent_type, assigned_agent)"
 all:=[]string{"idx_tasks_status_created_at","idx_tasks_status_updated_at","idx_tasks_started_at","idx_tasks_completed_at","idx_tasks_waiting"}
 st,co,wa:="create index idx_tasks_started_at on tasks (started_at) where started_at is not null","create index idx_tasks_completed_at on tasks (completed_at) where completed_at is not null","create index idx_tasks_waiting on tasks (id) where status = 'todo' and open_dependencies > 0"
 for rep:=0;rep<2;rep++ {
 for _,v:=range []struct{n string; add []string}{{"none",nil},{"created",[]string{c1}},{"created+updated",[]string{c1,c2}},{"partials",[]string{st,co,wa}},{"all",[]string{c1,c2,st,co,wa}},{"covering2",[]string{cc1,cc2}},{"all covering",[]string{cc1,cc2,st,co,wa}}} {
  p:=storetest.SQLite(t)
  raw,_:=sql.Open("sqlite",p)
  for _,x:=range all { if _,err:=raw.Exec("drop index "+x);err!=nil{t.Fatal(err)} }
  for _,x:=range v.add { if _,err:=raw.Exec(x);err!=nil{t.Fatal(err)} }
  raw.Close()
  db,_:=store.Open(t.Context(),p,store.Options{NormalDurability:true})
  n:=40000
  c:=crowd{n, rand.New(rand.NewPCG(1,1))}
  b:=cpu(); w:=time.Now()
  c.fill(t,db)
  ins:=(cpu()-b)/time.Duration(n); wall:=time.Since(w)/time.Duration(n)
  // status changes
  b=cpu()
  const m=4000
  _,err:=store.Write(t.Context(),db,func(tx *store.Tx)(int,error){
    for i:=0;i<m;i++ { task:=c.task((i*7919)%n); k,err:=tx.Task(task.Key); if err!=nil{return 0,err}
      now,_:=tx.Now(); k.Status="in_progress"; k.AssignedAgent="x"; k.StartedAt=&now
      h:=plan.History{Key:k.Key,OldStatus:"todo",NewStatus:"in_progress",Agent:"x",Timestamp:now}
      if err:=tx.SaveStatus(&k,h);err!=nil{return 0,err} }
    return 0,nil})
  if err!=nil{t.Fatal(err)}
  upd:=(cpu()-b)/m
  db.Close()
  fi,_:=os.Stat(p)
  fmt.Printf("%-16s insert %v cpu %v wall; status change %v cpu; size %d MB\n",v.n,ins,wall,upd,fi.Size()>>20)
 }}
}
