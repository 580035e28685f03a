-- The id of an epic, a feature or a task is the ordinal of its key
-- (plan.Key.Ordinal): ordering by id is ordering by key, and what lies under an
-- item is a range of ids. Words in double braces are the engine's own types.

create table project (
	id           {{int}} primary key check (id = 1),
	last_epic    {{int}} not null,
	uid          {{text}} not null,
	version      {{int}} not null,
	created_at   {{text}} not null,
	updated_at   {{text}} not null,
	history_hash {{text}} not null,
	last_note    {{int}} not null
){{strict}};
insert into project (id, last_epic, uid, version, created_at, updated_at, history_hash, last_note)
	values (1, 0, '', 0, '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z', '', 0);

-- What a project has set or declared: settings, fields, stages, views. The
-- history of the project, which is that of no item, covers them.
create table definitions (
	kind {{text}} not null check (kind in ('setting', 'field', 'stage', 'view')),
	name {{text}} not null,
	body {{text}} not null
){{strict}};
create unique index idx_definitions_name on definitions (kind, name);

create table migrations (
	version    {{int}} primary key,
	name       {{text}} not null,
	checksum   {{text}} not null,
	applied_at {{text}} not null
){{strict}};

create table epics (
	id              {{int}} primary key,
	uid             {{text}} not null,
	key             {{text}} not null,
	title           {{text}} not null check (title <> ''),
	description     {{text}} not null,
	status          {{text}} not null check (status in ('draft', 'active', 'completed', 'archived')),
	priority        {{text}} not null check (priority in ('high', 'medium', 'low')),
	business_value  {{text}} check (business_value in ('high', 'medium', 'low')),
	fields          {{text}},
	due             {{text}},
	defer           {{text}},
	defer_from      {{text}},
	tasks_total     {{int}} not null check (tasks_total >= 0),
	tasks_completed {{int}} not null check (tasks_completed between 0 and tasks_total),
	estimate_total  {{int}} not null check (estimate_total >= 0),
	estimate_done   {{int}} not null check (estimate_done between 0 and estimate_total),
	open_dependencies {{int}} not null check (open_dependencies >= 0),
	last_child      {{int}} not null,
	last_note       {{int}} not null,
	links           {{int}} not null,
	version         {{int}} not null,
	created_at      {{text}} not null,
	updated_at      {{text}} not null,
	history_hash    {{text}} not null
){{strict}};
create unique index idx_epics_key on epics (key);

create table features (
	id              {{int}} primary key,
	uid             {{text}} not null,
	epic_id         {{int}} not null references epics (id) on delete cascade,
	key             {{text}} not null,
	title           {{text}} not null check (title <> ''),
	description     {{text}} not null,
	status          {{text}} not null check (status in ('draft', 'active', 'completed', 'archived')),
	fields          {{text}},
	due             {{text}},
	defer           {{text}},
	defer_from      {{text}},
	progress_pct    {{real}} not null check (progress_pct between 0 and 100),
	tasks_total     {{int}} not null check (tasks_total >= 0),
	tasks_completed {{int}} not null check (tasks_completed between 0 and tasks_total),
	estimate_total  {{int}} not null check (estimate_total >= 0),
	estimate_done   {{int}} not null check (estimate_done between 0 and estimate_total),
	open_dependencies {{int}} not null check (open_dependencies >= 0),
	last_child      {{int}} not null,
	last_note       {{int}} not null,
	links           {{int}} not null,
	version         {{int}} not null,
	created_at      {{text}} not null,
	updated_at      {{text}} not null,
	history_hash    {{text}} not null
){{strict}};
create unique index idx_features_key on features (key);
create index idx_features_epic_id on features (epic_id);

create table tasks (
	id                {{int}} primary key,
	uid               {{text}} not null,
	feature_id        {{int}} not null references features (id) on delete cascade,
	key               {{text}} not null,
	title             {{text}} not null check (title <> ''),
	description       {{text}} not null,
	status            {{text}} not null check (status in ('todo', 'in_progress', 'blocked', 'ready_for_review', 'completed', 'archived')),
	agent_type        {{text}},
	priority          {{int}} not null check (priority between 1 and 10),
	assigned_agent    {{text}},
	session           {{text}},
	file_path         {{text}},
	kind              {{text}},
	stage             {{text}},
	due               {{text}},
	assignee          {{text}},
	position          {{text}},
	defer             {{text}},
	defer_from        {{text}},
	not_before        {{text}},
	deferred          {{int}} not null check (deferred in (0, 1)),
	estimate          {{int}} check (estimate > 0),
	checks            {{text}},
	fields            {{text}},
	repeat            {{text}},
	resolution        {{text}},
	blocked_reason    {{text}},
	blocked_from      {{text}},
	open_dependencies {{int}} not null check (open_dependencies >= 0),
	offered           {{int}} not null check (offered in (0, 1)),
	lease_until       {{text}},
	lease_seconds     {{int}} not null,
	lease_digest      {{text}},
	fence             {{int}} not null,
	last_note         {{int}} not null,
	answers           {{int}} not null,
	links             {{int}} not null,
	version           {{int}} not null,
	created_at        {{text}} not null,
	started_at        {{text}},
	completed_at      {{text}},
	blocked_at        {{text}},
	updated_at        {{text}} not null,
	history_hash      {{text}} not null
){{strict}};
-- No two tasks have the same entry in an index that is marked as distinct: PostgreSQL
-- need not look for some to put together whenever a page of it is full, which is up to a
-- third of the time that a change of very many tasks takes.
create unique index idx_tasks_key on tasks (key){{distinct}};
create index idx_tasks_feature_id on tasks (feature_id, updated_at, id, status, priority, created_at, agent_type, assigned_agent){{distinct}};
create index idx_tasks_status on tasks (status, id){{distinct}};
create index idx_tasks_agent_type on tasks (agent_type, id, priority, created_at){{distinct}};
create index idx_tasks_status_priority on tasks (status, priority, id, created_at, agent_type, assigned_agent){{distinct}};
-- The ready tasks in the order they are given out, for everyone and by trade:
-- those that are in no stage, and were not assigned or moved.
create index idx_tasks_ready on tasks (priority, created_at, id){{distinct}}
	where status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and position is null and stage is null;
create index idx_tasks_ready_agent_type on tasks (agent_type, priority, created_at, id){{distinct}}
	where status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and position is null and stage is null;
-- Those that are assigned, the ready ones by whom they are given to.
create index idx_tasks_assignee on tasks ((case when status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 then 1 else 0 end),
	assignee, priority, (coalesce(position, created_at || cast(id + 1000000000000000000 as text))), id, status, agent_type){{distinct}} where assignee is not null;
create index idx_tasks_assignee_id on tasks (assignee, id, status, priority, created_at, updated_at, agent_type, assigned_agent){{distinct}} where assignee is not null;
-- Those that were moved in the order of the plan.
create index idx_tasks_position on tasks ((case when status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and stage is null then 1 else 0 end),
	priority, position, id, assignee, agent_type, status){{distinct}} where position is not null;
-- Those that are in a stage, in each stage those that are in progress (2), those
-- that are ready (1), what is open besides (3), and what is done (0).
create index idx_tasks_stage on tasks (stage, (case when status = 'in_progress' then 2 when status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null then 1 when status in ('completed', 'archived') then 0 else 3 end),
	priority, (coalesce(position, created_at || cast(id + 1000000000000000000 as text))), id, status, agent_type){{distinct}} where stage is not null;
-- The ready ones of all stages, and those of each by the trade that they ask for
-- themselves.
create index idx_tasks_staged on tasks (priority, (coalesce(position, created_at || cast(id + 1000000000000000000 as text))), id, stage, agent_type){{distinct}}
	where status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and stage is not null;
create index idx_tasks_stage_type on tasks (stage, agent_type, priority, (coalesce(position, created_at || cast(id + 1000000000000000000 as text))), id){{distinct}}
	where status = 'todo' and open_dependencies = 0 and offered = 1 and deferred = 0 and assignee is null and stage is not null;
-- Those that have to be begun later, or had to. What only time changes is
-- found through it.
create index idx_tasks_not_before on tasks (deferred, not_before, id, status, priority, open_dependencies, offered, assignee, agent_type, created_at, updated_at){{distinct}}
	where not_before is not null;
create index idx_tasks_lease_until on tasks (lease_until) where lease_until is not null;
create index idx_tasks_assigned_agent on tasks (assigned_agent, status, id, session, priority, created_at, updated_at, agent_type){{distinct}}
	where assigned_agent is not null;
-- Lists. With the status before it, the index of an order serves that order
-- for one status, and for all tasks by merging six streams: no index without a
-- status in front is needed besides. What follows the id is there so that a
-- walk in this order can tell what matches without looking at the rows.
create index idx_tasks_status_created_at on tasks (status, created_at, id, updated_at, priority, agent_type, assigned_agent, version, started_at){{distinct}};
create index idx_tasks_status_updated_at on tasks (status, updated_at, id, created_at, priority, agent_type, assigned_agent){{distinct}};
-- These have no entry for a new task that waits for nothing.
create index idx_tasks_started_at on tasks (started_at, id, status, priority, created_at, agent_type, assigned_agent){{distinct}}
	where started_at is not null;
create index idx_tasks_completed_at on tasks (completed_at, id, status, priority, created_at, updated_at, agent_type, assigned_agent, started_at){{distinct}}
	where completed_at is not null;
create index idx_tasks_blocked_at on tasks (blocked_at, id, status, priority, created_at, updated_at, agent_type, assigned_agent){{distinct}}
	where blocked_at is not null;
-- What ended without being done, by its resolution.
create index idx_tasks_resolution on tasks ((coalesce(resolution, 'wont_do')), id, status, resolution, priority, created_at, updated_at, agent_type, assigned_agent, completed_at){{distinct}}
	where (resolution is not null or status = 'archived' and completed_at is null);
create index idx_tasks_waiting on tasks (id, priority, created_at, updated_at, agent_type){{distinct}} where status = 'todo' and open_dependencies > 0;
create index idx_tasks_kind on tasks (kind, id, status, priority, created_at, updated_at){{distinct}} where kind is not null;
create index idx_tasks_estimate on tasks (estimate, id, status, priority, agent_type, assigned_agent){{distinct}} where estimate is not null;
create index idx_tasks_due on tasks (due, id, status, priority, created_at, updated_at, agent_type, assigned_agent){{distinct}} where due is not null;
create index idx_tasks_file_path on tasks (file_path, id, status){{distinct}} where file_path is not null;
-- Whether a task has a file and a description, and the tasks of each kind in
-- the order of their keys: either kind may be the rare one.
create index idx_tasks_has on tasks (
	(case when file_path is null then 0 else 1 end), (case when description = '' then 0 else 1 end), id){{distinct}};

-- How many tasks there are of each status, kept by difference: for the whole
-- plan from id 0 on, for an epic from its own id on, each the sum of its slots.
create table task_counts (
	id               {{int}} primary key,
	todo             {{int}} not null,
	waiting          {{int}} not null,
	deferred         {{int}} not null,
	inactive         {{int}} not null,
	in_progress      {{int}} not null,
	blocked          {{int}} not null,
	ready_for_review {{int}} not null,
	completed        {{int}} not null,
	archived         {{int}} not null,
	tasks_total      {{int}} not null,
	tasks_completed  {{int}} not null,
	open_epics       {{int}} not null
){{strict}};

-- The labels of epics, features and tasks: as they are written, and folded, as
-- they are compared.
create table labels (
	item_id {{int}} not null,
	folded  {{text}} not null,
	label   {{text}} not null
){{strict}};
create unique index idx_labels_item_id on labels (item_id, folded);
-- The tasks of a label apart from the features and epics with it, which are few.
create index idx_labels_folded on labels (folded, (case when item_id % 10000000 = 0 then 0 else 1 end), item_id);

-- The values of the custom fields of tasks, which stand in the rows: as they are
-- compared and sorted.
create table field_values (
	item_id {{int}} not null,
	field   {{text}} not null,
	value   {{text}} not null
){{strict}};
create unique index idx_field_values_item_id on field_values (item_id, field);
create index idx_field_values_value on field_values (field, value, item_id);

-- Further names of items: those that other tools know them by, and the keys
-- that they were moved from.
create table refs (
	item_id {{int}} not null,
	folded  {{text}} not null,
	ref     {{text}} not null
){{strict}};
create unique index idx_refs_folded on refs (folded);
create index idx_refs_item_id on refs (item_id, folded);

-- Links from an item to another one, or to a file or an address (to_id is 0).
-- They are stored with one of two items, and shown on both.
create table links (
	item_id {{int}} not null,
	kind    {{text}} not null,
	to_id   {{int}} not null,
	target  {{text}} not null
){{strict}};
create unique index idx_links_item_id on links (item_id, kind, to_id, target);
create index idx_links_to_id on links (to_id, target, item_id, kind);

-- What waits for a whole feature or epic: tasks, features and epics, by their
-- ids. What waits for single tasks is in task_dependencies.
create table plan_dependencies (
	item_id       {{int}} not null,
	depends_on_id {{int}} not null,
	check (item_id <> depends_on_id)
){{strict}};
create unique index idx_plan_dependencies_item_id on plan_dependencies (item_id, depends_on_id);
create index idx_plan_dependencies_depends_on_id on plan_dependencies (depends_on_id);

create table task_dependencies (
	task_id       {{int}} not null references tasks (id) on delete cascade,
	depends_on_id {{int}} not null references tasks (id) on delete cascade,
	check (task_id <> depends_on_id)
){{strict}};
create unique index idx_task_dependencies_task_id on task_dependencies (task_id, depends_on_id);
create index idx_task_dependencies_depends_on_id on task_dependencies (depends_on_id);

-- The notes of tasks, features and epics, and, of item 0, of the plan itself,
-- numbered by item. Questions are among them.
create table notes (
	id          {{id}},
	item_id     {{int}} not null,
	n           {{int}} not null check (n > 0),
	agent       {{text}} not null,
	kind        {{text}} not null check (kind in ('comment', 'decision', 'handoff', 'solution', 'evidence', 'memory', 'question')),
	body        {{text}} not null,
	created_at  {{text}} not null,
	hidden      {{int}} not null check (hidden in (0, 1)),
	session     {{text}},
	asked_to    {{text}},
	choices     {{text}},
	hold        {{int}} not null check (hold in (0, 1)),
	answer      {{text}},
	answered_by {{text}},
	answered_at {{text}},
	untold      {{int}} not null check (untold in (0, 1))
){{strict}};
create index idx_notes_item_id on notes (item_id, n);
-- Questions that nobody has answered, and those whose askers do not know yet.
create index idx_notes_open on notes (created_at, id, asked_to) where kind = 'question' and answered_at is null;
create index idx_notes_untold on notes (agent, created_at, id) where untold = 1;

-- History outlives the items that it is of: no foreign key leads to them.
create table task_history (
	id         {{id}},
	task_id    {{int}} not null,
	old_status {{text}},
	new_status {{text}},
	agent      {{text}},
	session    {{text}},
	surface    {{text}},
	notes      {{text}},
	timestamp  {{text}} not null,
	change     {{text}},
	operation  {{text}} not null,
	hash       {{text}} not null
){{strict}};
create index idx_task_history_task_id on task_history (task_id, timestamp, id, old_status, new_status, agent);
create index idx_task_history_timestamp on task_history (timestamp desc, id desc, task_id, agent, surface);
-- What was rejected, and changed its stage after its creation: few records.
create index idx_task_history_passed on task_history (task_id, old_status)
	where (old_status is not null and change like '%"stage":[%' or old_status = 'ready_for_review' and new_status in ('todo', 'in_progress') and notes is not null);

-- The same record for epics and features, and, of epic 0, for the project itself.
create table plan_history (
	id         {{id}},
	epic_id    {{int}},
	feature_id {{int}},
	key        {{text}} not null,
	old_status {{text}},
	new_status {{text}},
	agent      {{text}},
	session    {{text}},
	surface    {{text}},
	notes      {{text}},
	timestamp  {{text}} not null,
	change     {{text}},
	operation  {{text}} not null,
	hash       {{text}} not null
){{strict}};
create index idx_plan_history_epic_id on plan_history (epic_id);
create index idx_plan_history_feature_id on plan_history (feature_id);
create index idx_plan_history_timestamp on plan_history (timestamp desc, id desc);

-- Long texts that records name by their digests, and that stand in no row any
-- more: former descriptions, removed notes. By the id of the item.
create table contents (
	item_id {{int}} not null,
	digest  {{text}} not null,
	body    {{text}} not null
){{strict}};
create unique index idx_contents_item_id on contents (item_id, digest);

-- What no history covers has a digest of the row, by which doctor tells whether
-- it was changed past pm.

-- The commands that changed something. The records of each carry its id.
create table operations (
	id      {{text}} not null,
	seq     {{int}} not null,
	at      {{text}} not null,
	agent   {{text}} not null,
	session {{text}},
	surface {{text}},
	command {{text}} not null,
	items   {{int}} not null,
	undoes  {{text}},
	digest  {{text}} not null
){{strict}};
create unique index idx_operations_id on operations (id);
create index idx_operations_seq on operations (seq, id);
-- Those that take others back, which are few.
create index idx_operations_undoes on operations (seq, id, undoes) where undoes is not null;

-- What was deleted, until it is restored or the trash is emptied: its rows as
-- JSON lines, in parts. Its history stays where it is.
create table trash (
	id           {{id}},
	item_id      {{int}} not null,
	uid          {{text}} not null,
	key          {{text}} not null,
	title        {{text}} not null,
	epics        {{int}} not null,
	features     {{int}} not null,
	tasks        {{int}} not null,
	notes        {{int}} not null,
	agent        {{text}} not null,
	operation    {{text}} not null,
	deleted_at   {{text}} not null,
	history_hash {{text}} not null,
	digest       {{text}} not null
){{strict}};
create unique index idx_trash_item_id on trash (item_id);
create index idx_trash_deleted_at on trash (deleted_at);

create table trash_parts (
	trash_id {{int}} not null references trash (id) on delete cascade,
	part     {{int}} not null,
	lines    {{text}} not null,
	digest   {{text}} not null
){{strict}};
create unique index idx_trash_parts_trash_id on trash_parts (trash_id, part);

create table idempotency_keys (
	id         {{id}},
	key        {{text}} not null,
	operation  {{text}} not null,
	request    {{text}} not null,
	response   {{text}} not null,
	created_at {{text}} not null,
	digest     {{text}} not null
){{strict}};
create unique index idx_idempotency_keys_key on idempotency_keys (key);
create index idx_idempotency_keys_created_at on idempotency_keys (created_at);

-- The full-text index: each engine has its own.
{{search}}
