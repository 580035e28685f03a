// The types and the routes of pm's API. Made from docs/openapi.json (see
// CONTRIBUTING.md): edit nothing here.

export type Beside = {
  /** possibly unintended consequences of the change */
  warnings?: Warning[];
  /** previous holders, if the claim took over tasks */
  taken_over?: Takeover[];
  /** token of a claim without a session: send it with every later call on these tasks */
  claim_token?: string;
  /** new answers to your questions on these tasks */
  answers?: Question[];
  /** tasks that were waiting for these and can be claimed now; at most 20 */
  ready?: string[];
  /** how many more can be claimed now */
  more_ready?: number;
  /** what comes next, at most three: complete command lines, over HTTP requests */
  next_commands?: string[];
};

export type Epic = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  title: string;
  description?: string;
  status: "draft" | "active" | "completed" | "archived";
  priority: "high" | "medium" | "low";
  labels?: string[];
  refs?: string[];
  links?: {
    as: string;
    to: string;
  }[];
  moved_from?: string;
  fields?: { [name: string]: string | number | boolean | null };
  due?: string;
  defer?: string;
  business_value?: "high" | "medium" | "low";
  progress_pct: number;
  tasks_total: number;
  tasks_completed: number;
  estimate_total?: number;
  estimate_done?: number;
  version: number;
  created_at: string;
  updated_at: string;
  depends_on?: string[];
  open_dependencies?: number;
};

export type EpicTree = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  title: string;
  description?: string;
  status: "draft" | "active" | "completed" | "archived";
  priority: "high" | "medium" | "low";
  labels?: string[];
  refs?: string[];
  links?: {
    as: string;
    to: string;
  }[];
  moved_from?: string;
  fields?: { [name: string]: string | number | boolean | null };
  due?: string;
  defer?: string;
  business_value?: "high" | "medium" | "low";
  progress_pct: number;
  tasks_total: number;
  tasks_completed: number;
  estimate_total?: number;
  estimate_done?: number;
  version: number;
  created_at: string;
  updated_at: string;
  depends_on?: string[];
  open_dependencies?: number;
  features?: FeatureTree[];
  /** number of features not shown */
  more?: number;
};

export type Feature = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  /** such as E04, E04-F01 or T-E04-F01-001 */
  epic_key: string;
  title: string;
  description?: string;
  status: "draft" | "active" | "completed" | "archived";
  labels?: string[];
  refs?: string[];
  links?: {
    as: string;
    to: string;
  }[];
  moved_from?: string;
  fields?: { [name: string]: string | number | boolean | null };
  due?: string;
  defer?: string;
  progress_pct: number;
  tasks_total: number;
  tasks_completed: number;
  estimate_total?: number;
  estimate_done?: number;
  version: number;
  created_at: string;
  updated_at: string;
  depends_on?: string[];
  open_dependencies?: number;
};

export type FeatureTree = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  /** such as E04, E04-F01 or T-E04-F01-001 */
  epic_key: string;
  title: string;
  description?: string;
  status: "draft" | "active" | "completed" | "archived";
  labels?: string[];
  refs?: string[];
  links?: {
    as: string;
    to: string;
  }[];
  moved_from?: string;
  fields?: { [name: string]: string | number | boolean | null };
  due?: string;
  defer?: string;
  progress_pct: number;
  tasks_total: number;
  tasks_completed: number;
  estimate_total?: number;
  estimate_done?: number;
  version: number;
  created_at: string;
  updated_at: string;
  depends_on?: string[];
  open_dependencies?: number;
  tasks?: Task[];
  /** number of tasks not shown */
  more?: number;
};

export type Found = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  /** such as E04, E04-F01 or T-E04-F01-001 */
  feature_key: string;
  /** such as E04, E04-F01 or T-E04-F01-001 */
  epic_key: string;
  title: string;
  description?: string;
  status: "todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived";
  kind?: string;
  stage?: string;
  agent_type?: string;
  priority: number;
  position?: string;
  assignee?: string;
  assigned_agent?: string;
  session?: string;
  file_path?: string;
  labels?: string[];
  refs?: string[];
  links?: {
    as: string;
    to: string;
  }[];
  moved_from?: string;
  fields?: { [name: string]: string | number | boolean | null };
  due?: string;
  defer?: string;
  not_before?: string;
  estimate?: number;
  checks?: {
    n: number;
    text: string;
    done: boolean;
    by?: string;
    at?: string;
  }[];
  resolution?: string;
  repeat?: string;
  blocked_reason?: string;
  depends_on?: string[];
  open_dependencies: number;
  lease_until?: string;
  fence?: number;
  version: number;
  created_at: string;
  started_at?: string;
  completed_at?: string;
  blocked_at?: string;
  updated_at: string;
  match: {
    in: string;
    text: string;
  };
};

export type History = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key?: string;
  old_status?: string;
  new_status?: string;
  agent?: string;
  session?: string;
  surface?: string;
  notes?: string;
  timestamp: string;
  change?: { [name: string]: unknown[] };
  operation: string;
  hash: string;
};

export type Linked = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  title: string;
  status: string;
  outcome?: string;
};

export type Note = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key?: string;
  n: number;
  agent: string;
  kind: "comment" | "decision" | "handoff" | "solution" | "evidence" | "memory" | "question";
  body: string;
  created_at: string;
  hidden?: boolean;
  session?: string;
  to?: string;
  choices?: string[];
  hold?: boolean;
  answer?: string;
  answered_by?: string;
  answered_at?: string;
  untold?: boolean;
};

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  kind: string;
  code: string;
  hint?: string;
  task?: Task;
  conflicts?: {
    /** such as E04, E04-F01 or T-E04-F01-001 */
    key?: string;
    field: string;
    operation: string;
    agent: string;
  }[];
};

export type Question = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key?: string;
  n: number;
  text: string;
  by: string;
  at: string;
  to?: string;
  choices?: string[];
  hold?: boolean;
  answer?: string;
  answered_by?: string;
  answered_at?: string;
};

export type Takeover = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  from: string;
  lease_until?: string;
};

export type Task = {
  /** such as E04, E04-F01 or T-E04-F01-001 */
  key: string;
  /** such as E04, E04-F01 or T-E04-F01-001 */
  feature_key: string;
  /** such as E04, E04-F01 or T-E04-F01-001 */
  epic_key: string;
  title: string;
  description?: string;
  status: "todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived";
  kind?: string;
  stage?: string;
  agent_type?: string;
  priority: number;
  position?: string;
  assignee?: string;
  assigned_agent?: string;
  session?: string;
  file_path?: string;
  labels?: string[];
  refs?: string[];
  links?: {
    as: string;
    to: string;
  }[];
  moved_from?: string;
  fields?: { [name: string]: string | number | boolean | null };
  due?: string;
  defer?: string;
  not_before?: string;
  estimate?: number;
  checks?: {
    n: number;
    text: string;
    done: boolean;
    by?: string;
    at?: string;
  }[];
  resolution?: string;
  repeat?: string;
  blocked_reason?: string;
  depends_on?: string[];
  open_dependencies: number;
  lease_until?: string;
  fence?: number;
  version: number;
  created_at: string;
  started_at?: string;
  completed_at?: string;
  blocked_at?: string;
  updated_at: string;
};

export type Warning = {
  /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
  code: string;
  message: string;
  /** what to do about it */
  hint?: string;
};

/** What each operation takes and answers. */
export interface Operations {
  /** Liveness: is the process running?. */
  healthz: { input: { [name: string]: never }; answer: {
      status: string;
    } };
  /** This description. */
  openapi: { input: { [name: string]: never }; answer: { [name: string]: unknown } };
  /** Readiness: can requests be served?. */
  readyz: { input: { [name: string]: never }; answer: {
      status: string;
    } };
  /** Create or update many items from one plan. */
  plan_apply: { input: {
      /** name of this plan: plans with different names can use the same ids for different items */
      name?: string;
      /** key of the epic to put the features in */
      epic?: string;
      /** key of the feature to put the tasks in */
      feature?: string;
      /** the epics, each with its features */
      epics?: {
        /** a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it */
        id?: string;
        /** key of an existing item */
        key?: string;
        /** what the epic is about, in one line */
        title?: string;
        /** description, Markdown */
        description?: string;
        /** draft, active (the default), completed or archived */
        status?: string;
        /** high, medium (the default) or low */
        priority?: string;
        /** high, medium or low */
        business_value?: string;
        /** labels, each one word; tasks in it inherit them */
        labels?: string[];
        /** custom fields, such as severity=high */
        fields?: { [name: string]: string | number | boolean | null };
        /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
        due?: string;
        /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
        defer?: string;
        /** references to add, such as github:42 */
        refs?: string[];
        /** what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features */
        depends_on?: string[];
        /** links to add, to ids of this plan, keys, files or web addresses */
        links?: {
          /** how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements */
          as?: string;
          /** an id of this plan, a key, the path of a file, or a web address */
          to: string;
        }[];
        features?: {
          /** a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it */
          id?: string;
          /** key of an existing item */
          key?: string;
          /** what the feature is about, in one line */
          title?: string;
          /** description, Markdown */
          description?: string;
          /** draft, active (the default), completed or archived */
          status?: string;
          /** labels, each one word; tasks in it inherit them */
          labels?: string[];
          /** custom fields, such as severity=high */
          fields?: { [name: string]: string | number | boolean | null };
          /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
          due?: string;
          /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
          defer?: string;
          /** references to add, such as github:42 */
          refs?: string[];
          /** what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features */
          depends_on?: string[];
          /** links to add, to ids of this plan, keys, files or web addresses */
          links?: {
            /** how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements */
            as?: string;
            /** an id of this plan, a key, the path of a file, or a web address */
            to: string;
          }[];
          tasks?: {
            /** a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it */
            id?: string;
            /** key of an existing item */
            key?: string;
            /** what to do, in one line */
            title?: string;
            /** description, Markdown */
            description?: string;
            /** 1 (most urgent) to 10 (least); 5 if not given */
            priority?: number;
            /** the type of agent it needs: backend, frontend, testing or any word */
            agent_type?: string;
            /** what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features */
            depends_on?: string[];
            /** a project file that the task is about */
            file_path?: string;
            /** labels, each one word */
            labels?: string[];
            /** kind of task: bug, chore, spike or any word */
            kind?: string;
            /** the stage to start in; the first one if not given */
            stage?: string;
            /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
            due?: string;
            /** the agent to assign it to: pm next offers it to nobody else */
            assignee?: string;
            /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
            defer?: string;
            /** estimate, in hours unless the project uses another unit: 2.5, 90m */
            estimate?: number | string;
            /** what must be true before it is done, one line each */
            checks?: string[];
            /** custom fields, such as severity=high */
            fields?: { [name: string]: string | number | boolean | null };
            /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE */
            repeat?: string;
            /** key of the item you were working on when you found the need for it */
            discovered_from?: string;
            /** references to add, such as github:42 */
            refs?: string[];
            /** links to add, to ids of this plan, keys, files or web addresses */
            links?: {
              /** how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements */
              as?: string;
              /** an id of this plan, a key, the path of a file, or a web address */
              to: string;
            }[];
          } | string[];
        } | string[];
      } | string[];
      /** with epic: its features, each with its tasks */
      features?: {
        /** a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it */
        id?: string;
        /** key of an existing item */
        key?: string;
        /** what the feature is about, in one line */
        title?: string;
        /** description, Markdown */
        description?: string;
        /** draft, active (the default), completed or archived */
        status?: string;
        /** labels, each one word; tasks in it inherit them */
        labels?: string[];
        /** custom fields, such as severity=high */
        fields?: { [name: string]: string | number | boolean | null };
        /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
        due?: string;
        /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
        defer?: string;
        /** references to add, such as github:42 */
        refs?: string[];
        /** what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features */
        depends_on?: string[];
        /** links to add, to ids of this plan, keys, files or web addresses */
        links?: {
          /** how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements */
          as?: string;
          /** an id of this plan, a key, the path of a file, or a web address */
          to: string;
        }[];
        tasks?: {
          /** a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it */
          id?: string;
          /** key of an existing item */
          key?: string;
          /** what to do, in one line */
          title?: string;
          /** description, Markdown */
          description?: string;
          /** 1 (most urgent) to 10 (least); 5 if not given */
          priority?: number;
          /** the type of agent it needs: backend, frontend, testing or any word */
          agent_type?: string;
          /** what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features */
          depends_on?: string[];
          /** a project file that the task is about */
          file_path?: string;
          /** labels, each one word */
          labels?: string[];
          /** kind of task: bug, chore, spike or any word */
          kind?: string;
          /** the stage to start in; the first one if not given */
          stage?: string;
          /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
          due?: string;
          /** the agent to assign it to: pm next offers it to nobody else */
          assignee?: string;
          /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
          defer?: string;
          /** estimate, in hours unless the project uses another unit: 2.5, 90m */
          estimate?: number | string;
          /** what must be true before it is done, one line each */
          checks?: string[];
          /** custom fields, such as severity=high */
          fields?: { [name: string]: string | number | boolean | null };
          /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE */
          repeat?: string;
          /** key of the item you were working on when you found the need for it */
          discovered_from?: string;
          /** references to add, such as github:42 */
          refs?: string[];
          /** links to add, to ids of this plan, keys, files or web addresses */
          links?: {
            /** how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements */
            as?: string;
            /** an id of this plan, a key, the path of a file, or a web address */
            to: string;
          }[];
        } | string[];
      } | string[];
      /** with feature: its tasks */
      tasks?: {
        /** a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it */
        id?: string;
        /** key of an existing item */
        key?: string;
        /** what to do, in one line */
        title?: string;
        /** description, Markdown */
        description?: string;
        /** 1 (most urgent) to 10 (least); 5 if not given */
        priority?: number;
        /** the type of agent it needs: backend, frontend, testing or any word */
        agent_type?: string;
        /** what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features */
        depends_on?: string[];
        /** a project file that the task is about */
        file_path?: string;
        /** labels, each one word */
        labels?: string[];
        /** kind of task: bug, chore, spike or any word */
        kind?: string;
        /** the stage to start in; the first one if not given */
        stage?: string;
        /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
        due?: string;
        /** the agent to assign it to: pm next offers it to nobody else */
        assignee?: string;
        /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
        defer?: string;
        /** estimate, in hours unless the project uses another unit: 2.5, 90m */
        estimate?: number | string;
        /** what must be true before it is done, one line each */
        checks?: string[];
        /** custom fields, such as severity=high */
        fields?: { [name: string]: string | number | boolean | null };
        /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE */
        repeat?: string;
        /** key of the item you were working on when you found the need for it */
        discovered_from?: string;
        /** references to add, such as github:42 */
        refs?: string[];
        /** links to add, to ids of this plan, keys, files or web addresses */
        links?: {
          /** how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements */
          as?: string;
          /** an id of this plan, a key, the path of a file, or a web address */
          to: string;
        }[];
      } | string[];
      /** the plan as one text: YAML, or an outline in Markdown with # epics, ## features and - tasks */
      plan?: string;
      /** if set, show what would change and change nothing */
      dry_run?: boolean;
    }; answer: {
      dry_run?: boolean;
      created: {
        id?: string;
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        changes?: { [name: string]: unknown[] };
      }[];
      updated: {
        id?: string;
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        changes?: { [name: string]: unknown[] };
      }[];
      unchanged: {
        id?: string;
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        changes?: { [name: string]: unknown[] };
      }[];
      keys: { [name: string]: string };
      warnings?: Warning[];
    } };
  /** Show how the plan differs between two moments. */
  plan_diff: { input: {
      /** start: a time such as monday or 2026-11-01T12:00Z, or the id of an operation */
      from: string;
      /** end: a time or the id of an operation; now if not given */
      to?: string;
      /** only this item and everything in it */
      key?: string;
    }; answer: {
      from: {
        at: string;
        operation?: string;
      };
      to: {
        at: string;
        operation?: string;
      };
      made: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        status?: string;
      }[];
      deleted: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        status?: string;
      }[];
      moved: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        /** such as E04, E04-F01 or T-E04-F01-001 */
        from: string;
        title: string;
      }[];
      changes: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        field: string;
        from: unknown;
        to: unknown;
      }[];
      progress: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        title?: string;
        from: {
          tasks_total: number;
          tasks_completed: number;
          progress_pct: number;
        };
        to: {
          tasks_total: number;
          tasks_completed: number;
          progress_pct: number;
        };
      }[];
      more?: number;
      warnings?: Warning[];
    } };
  /** List epics. */
  epic_list: { input: {
      /** only these statuses */
      status?: ("draft" | "active" | "completed" | "archived")[];
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** next_cursor of the previous page */
      cursor?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: Epic[];
      more?: number;
      next_cursor?: string;
      complete?: boolean;
    } };
  /** Create an epic. */
  epic_create: { input: {
      /** what the epic is about, in one line */
      title: string;
      /** description, Markdown */
      description?: string;
      /** draft, active (the default), completed or archived */
      status?: "draft" | "active" | "completed" | "archived";
      /** high, medium (the default) or low */
      priority?: "high" | "medium" | "low";
      /** high, medium or low */
      business_value?: "high" | "medium" | "low";
      /** labels, each one word; tasks in it inherit them */
      labels?: string[];
      /** custom fields, such as severity=high */
      fields?: { [name: string]: string | number | boolean | null };
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
      due?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
      defer?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      title: string;
      description?: string;
      status: "draft" | "active" | "completed" | "archived";
      priority: "high" | "medium" | "low";
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      business_value?: "high" | "medium" | "low";
      progress_pct: number;
      tasks_total: number;
      tasks_completed: number;
      estimate_total?: number;
      estimate_done?: number;
      version: number;
      created_at: string;
      updated_at: string;
      depends_on?: string[];
      open_dependencies?: number;
    } };
  /** Show an epic. */
  epic_show: { input: {
      /** key of the epic */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      title: string;
      description?: string;
      status: "draft" | "active" | "completed" | "archived";
      priority: "high" | "medium" | "low";
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      business_value?: "high" | "medium" | "low";
      progress_pct: number;
      tasks_total: number;
      tasks_completed: number;
      estimate_total?: number;
      estimate_done?: number;
      version: number;
      created_at: string;
      updated_at: string;
      depends_on?: string[];
      open_dependencies?: number;
    } };
  /** Update an epic. */
  epic_update: { input: {
      /** key of the epic */
      key: string;
      /** new title */
      title?: string;
      /** new description, Markdown */
      description?: string;
      /** draft, active, completed or archived */
      status?: "draft" | "active" | "completed" | "archived";
      /** high, medium or low */
      priority?: "high" | "medium" | "low";
      /** high, medium or low; empty for none */
      business_value?: "high" | "medium" | "low" | "";
      /** custom fields, such as severity=high; an empty value clears one */
      fields?: { [name: string]: string | number | boolean | null };
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none */
      due?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none */
      defer?: string;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      title: string;
      description?: string;
      status: "draft" | "active" | "completed" | "archived";
      priority: "high" | "medium" | "low";
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      business_value?: "high" | "medium" | "low";
      progress_pct: number;
      tasks_total: number;
      tasks_completed: number;
      estimate_total?: number;
      estimate_done?: number;
      version: number;
      created_at: string;
      updated_at: string;
      depends_on?: string[];
      open_dependencies?: number;
      warnings?: Warning[];
    } };
  /** List features. */
  feature_list: { input: {
      /** only features of this epic */
      epic?: string;
      /** only these statuses */
      status?: ("draft" | "active" | "completed" | "archived")[];
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** next_cursor of the previous page */
      cursor?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: Feature[];
      more?: number;
      next_cursor?: string;
      complete?: boolean;
    } };
  /** Create a feature in an epic. */
  feature_create: { input: {
      /** key of the epic the feature belongs to */
      epic: string;
      /** what the feature is about, in one line */
      title: string;
      /** description, Markdown */
      description?: string;
      /** draft, active (the default), completed or archived */
      status?: "draft" | "active" | "completed" | "archived";
      /** labels, each one word; tasks in it inherit them */
      labels?: string[];
      /** custom fields, such as severity=high */
      fields?: { [name: string]: string | number | boolean | null };
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
      due?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
      defer?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      /** such as E04, E04-F01 or T-E04-F01-001 */
      epic_key: string;
      title: string;
      description?: string;
      status: "draft" | "active" | "completed" | "archived";
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      progress_pct: number;
      tasks_total: number;
      tasks_completed: number;
      estimate_total?: number;
      estimate_done?: number;
      version: number;
      created_at: string;
      updated_at: string;
      depends_on?: string[];
      open_dependencies?: number;
      warnings?: Warning[];
    } };
  /** Show a feature. */
  feature_show: { input: {
      /** key of the feature */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      /** such as E04, E04-F01 or T-E04-F01-001 */
      epic_key: string;
      title: string;
      description?: string;
      status: "draft" | "active" | "completed" | "archived";
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      progress_pct: number;
      tasks_total: number;
      tasks_completed: number;
      estimate_total?: number;
      estimate_done?: number;
      version: number;
      created_at: string;
      updated_at: string;
      depends_on?: string[];
      open_dependencies?: number;
    } };
  /** Update a feature. */
  feature_update: { input: {
      /** key of the feature */
      key: string;
      /** new title */
      title?: string;
      /** new description, Markdown */
      description?: string;
      /** draft, active, completed or archived */
      status?: "draft" | "active" | "completed" | "archived";
      /** custom fields, such as severity=high; an empty value clears one */
      fields?: { [name: string]: string | number | boolean | null };
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none */
      due?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none */
      defer?: string;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      /** such as E04, E04-F01 or T-E04-F01-001 */
      epic_key: string;
      title: string;
      description?: string;
      status: "draft" | "active" | "completed" | "archived";
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      progress_pct: number;
      tasks_total: number;
      tasks_completed: number;
      estimate_total?: number;
      estimate_done?: number;
      version: number;
      created_at: string;
      updated_at: string;
      depends_on?: string[];
      open_dependencies?: number;
      warnings?: Warning[];
    } };
  /** List the custom fields. */
  field_list: { input: {
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: {
        name: string;
        type: string;
        choices?: string[];
        on: string[];
      }[];
    } };
  /** Declare a custom field. */
  field_create: { input: {
      /** name of the field: one word, such as severity */
      name: string;
      /** text, number, date, choice, bool or url */
      type: string;
      /** for the type choice: its values, in order */
      choices?: string[];
      /** which items can have it: epic, feature or task; all of them if not given */
      on?: string[];
    }; answer: {
      name: string;
      type: string;
      choices?: string[];
      on: string[];
    } };
  /** Change the choices of a custom field. */
  field_update: { input: {
      /** name of the field */
      name: string;
      /** all its choices, in order */
      choices: string[];
    }; answer: {
      name: string;
      type: string;
      choices?: string[];
      on: string[];
    } };
  /** Delete a custom field. */
  field_delete: { input: {
      /** name of the field */
      name: string;
      /** also remove its values from all items; the history keeps them */
      force?: boolean;
    }; answer: {
      name: string;
      cleared: number;
    } };
  /** Forecast when an epic, a feature or a query will be done. */
  plan_forecast: { input: {
      /** an epic, a feature, or terms and words as in a list; all tasks if not given */
      query?: string;
      /** also forecast how many tasks will be finished by this day: 2026-12-24, fri, +2w */
      by?: string;
      /** simulate with this many agents of a type, such as backend=8 */
      agents?: string[];
      /** leave out these epics, features or tasks */
      without?: string[];
      /** if set, assume the scope keeps growing as it did */
      growth?: boolean;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      query?: string;
      method: string;
      remaining: number;
      finished: number;
      enough: boolean;
      reason?: string;
      p50: null | string;
      p85: null | string;
      p95: null | string;
      runs: number;
      basis_days: number;
      per_day: number;
      growth_per_day: number;
      growth: boolean;
      with_growth?: {
        p50: null | string;
        p85: null | string;
        p95: null | string;
      };
      by?: {
        day: string;
        p50: number;
        p85: number;
        p95: number;
        chance_pct: number;
      };
      backtest: {
        right: number;
        of: number;
      };
      schedule?: {
        p50: null | string;
        p85: null | string;
        p95: null | string;
        runs: number;
        tasks: number;
        trades: {
          trade: string;
          agents: number;
          tasks: number;
        }[];
        features: {
          /** such as E04, E04-F01 or T-E04-F01-001 */
          key: string;
          title: string;
          tasks: number;
          p50: null | string;
          p85: null | string;
          criticality_pct: number;
        }[];
        before?: {
          p50: null | string;
          p85: null | string;
          p95: null | string;
        };
      };
    } };
  /** Show the dependency graph and its critical path. */
  plan_graph: { input: {
      /** an epic, a feature or a task; the whole plan if not given */
      key?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      key?: string;
      nodes: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        status: string;
        agent?: string;
        layer: number;
        critical?: boolean;
        outside?: boolean;
        tasks_total?: number;
        tasks_completed?: number;
      }[];
      edges: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        from: string;
        /** such as E04, E04-F01 or T-E04-F01-001 */
        to: string;
        critical?: boolean;
      }[];
      critical_path: string[];
      length: number;
      unit: string;
      folded?: string;
    } };
  /** Show the history, newest first. */
  plan_log: { input: {
      /** only this item and everything in it */
      key?: string;
      /** only changes since this day or time: 2026-11-01, yesterday, mon, -3h */
      since?: string;
      /** only changes up to the end of this day, or before this time */
      until?: string;
      /** only changes by these agents; me means yourself */
      agent?: string[];
      /** only changes made through: cli, http, web, mcp or import */
      surface?: string[];
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** next_cursor of the previous page */
      cursor?: string;
      /** show the history as it was at this time: monday, 2026-11-01T12:00Z, or an operation id */
      as_of?: string;
    }; answer: {
      items: History[];
      more?: number;
      next_cursor?: string;
      complete?: boolean;
    } };
  /** Show how work flows: cycle times, throughput, burn-up, ageing work. */
  plan_insights: { input: {
      /** an epic, a feature, or terms and words as in a list; all tasks if not given */
      query?: string;
      /** how many days to look back, including today; 90 if not given */
      days?: number;
      /** only the data of this chart */
      chart?: "burnup" | "flow" | "cycle" | "throughput" | "aging" | "time";
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      query?: string;
      from: string;
      to: string;
      zone: string;
      tasks: number;
      finished: number;
      enough: boolean;
      reason?: string;
      cycle?: {
        count: number;
        p50_seconds: number;
        p85_seconds: number;
        p95_seconds: number;
        points: {
          /** such as E04, E04-F01 or T-E04-F01-001 */
          key: string;
          finished: string;
          seconds: number;
        }[];
      };
      throughput?: {
        count: number;
        per_day: number;
        days: {
          day: string;
          finished: number;
        }[];
      };
      burnup?: {
        day: string;
        scope: number;
        done: number;
      }[];
      flow?: {
        day: string;
        arrived: number;
        started: number;
        submitted: number;
        finished: number;
      }[];
      aging?: {
        p50_seconds: number;
        p85_seconds: number;
        p95_seconds: number;
        older_than_p85: number;
        items: {
          /** such as E04, E04-F01 or T-E04-F01-001 */
          key: string;
          title: string;
          status: "todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived";
          agent?: string;
          seconds: number;
          over?: string;
        }[];
        more?: number;
      };
      time?: {
        held_seconds: number;
        waiting_seconds: number;
        blocked_seconds: number;
        review_seconds: number;
        efficiency_pct: number;
        agents: {
          agent: string;
          finished: number;
          held_seconds: number;
          p50_seconds?: number;
          p85_seconds?: number;
        }[];
      };
    } };
  /** Show several epics, features and tasks. */
  item_show_many: { input: {
      /** keys of epics, features and tasks, at most 100 */
      keys: string[];
    }; answer: {
      items: (Epic | Feature | Task)[];
    } };
  /** Label epics, features and tasks. */
  label_add_several: { input: {
      /** keys of epics, features and tasks */
      keys: string[];
      /** one or more labels, each one word */
      labels?: string[];
    }; answer: Epic | Feature | Task | {
      items: (Epic | Feature | Task)[];
    } };
  /** Remove labels from epics, features and tasks. */
  label_remove_several: { input: {
      /** keys of epics, features and tasks */
      keys: string[];
      /** one or more labels, each one word */
      labels?: string[];
    }; answer: Epic | Feature | Task | {
      items: (Epic | Feature | Task)[];
    } };
  /** Move tasks to another feature, or features to another epic. */
  item_move_several: { input: {
      /** keys of tasks, or of features */
      keys: string[];
      /** key of the feature to move the tasks to, or of the epic to move the features to */
      to: string;
    }; answer: Epic | Feature | Task | {
      items: (Epic | Feature | Task)[];
    } };
  /** Accept memories that came with an import. */
  note_accept: { input: {
      /** numbers of the memories */
      n?: number[];
      /** accept all hidden memories */
      all?: boolean;
    }; answer: {
      items: Note[];
      complete: boolean;
    } };
  /** Show an epic, a feature or a task. */
  item_show: { input: {
      /** key of an epic, a feature or a task */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: Epic | Feature | Task };
  /** Delete an epic, a feature or a task. */
  item_delete: { input: {
      /** key of an epic, a feature or a task */
      key: string;
      /** if set, delete it even if it is held or tasks elsewhere depend on it */
      force?: boolean;
      /** if set, show what would be deleted and change nothing */
      dry_run?: boolean;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      title: string;
      deleted: {
        epics: number;
        features: number;
        tasks: number;
        notes: number;
      };
      dependants?: string[];
      held?: string[];
      next_commands?: string[];
    } };
  /** Label epics, features and tasks. */
  label_add: { input: {
      /** keys of epics, features and tasks */
      key: string;
      /** one or more labels, each one word */
      labels?: string[];
    }; answer: Epic | Feature | Task };
  /** Remove labels from epics, features and tasks. */
  label_remove: { input: {
      /** keys of epics, features and tasks */
      key: string;
      /** one or more labels, each one word */
      labels?: string[];
    }; answer: Epic | Feature | Task };
  /** Link an item to other items, files or web addresses. */
  item_link: { input: {
      /** key of an epic, a feature or a task */
      key: string;
      /** keys of other items, paths of files, or web addresses */
      to: string[];
      /** how the item is related to them: relates (the default), duplicates, supersedes, discovered-from or implements */
      as?: "relates" | "duplicates" | "supersedes" | "discovered-from" | "implements";
    }; answer: Epic | Feature | Task };
  /** Remove links from an item. */
  item_unlink: { input: {
      /** key of an epic, a feature or a task */
      key: string;
      /** keys of other items, paths of files, or web addresses */
      to: string[];
      /** how the item is related to them: relates (the default), duplicates, supersedes, discovered-from or implements */
      as?: "relates" | "duplicates" | "supersedes" | "discovered-from" | "implements";
    }; answer: Epic | Feature | Task };
  /** Move tasks to another feature, or features to another epic. */
  item_move: { input: {
      /** keys of tasks, or of features */
      key: string;
      /** key of the feature to move the tasks to, or of the epic to move the features to */
      to: string;
    }; answer: Epic | Feature | Task };
  /** List the notes of a task, a feature, an epic or the plan. */
  note_list: { input: {
      /** key of an epic, a feature or a task; plan means the plan itself */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: Note[];
      complete: boolean;
    } };
  /** Add a note to a task, a feature, an epic or the plan. */
  note_add: { input: {
      /** key of an epic, a feature or a task; plan means the plan itself */
      key: string;
      /** the text, Markdown */
      body: string;
      /** comment (the default), decision, handoff, solution, evidence or memory */
      kind?: "comment" | "decision" | "handoff" | "solution" | "evidence" | "memory";
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key?: string;
      n: number;
      agent: string;
      kind: "comment" | "decision" | "handoff" | "solution" | "evidence" | "memory" | "question";
      body: string;
      created_at: string;
      hidden?: boolean;
      session?: string;
      to?: string;
      choices?: string[];
      hold?: boolean;
      answer?: string;
      answered_by?: string;
      answered_at?: string;
      untold?: boolean;
    } };
  /** Replace the text of a note. */
  note_edit: { input: {
      /** key of an epic, a feature or a task; plan means the plan itself */
      key: string;
      /** number of the note */
      n: string;
      /** the new text, Markdown */
      body: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key?: string;
      n: number;
      agent: string;
      kind: "comment" | "decision" | "handoff" | "solution" | "evidence" | "memory" | "question";
      body: string;
      created_at: string;
      hidden?: boolean;
      session?: string;
      to?: string;
      choices?: string[];
      hold?: boolean;
      answer?: string;
      answered_by?: string;
      answered_at?: string;
      untold?: boolean;
    } };
  /** Remove a note. */
  note_remove: { input: {
      /** key of an epic, a feature or a task; plan means the plan itself */
      key: string;
      /** number of the note */
      n: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key?: string;
      n: number;
      agent: string;
      kind: "comment" | "decision" | "handoff" | "solution" | "evidence" | "memory" | "question";
      body: string;
      created_at: string;
      hidden?: boolean;
      session?: string;
      to?: string;
      choices?: string[];
      hold?: boolean;
      answer?: string;
      answered_by?: string;
      answered_at?: string;
      untold?: boolean;
    } };
  /** Ask a question. */
  question_ask: { input: {
      /** key of an epic, a feature or a task; plan means the plan itself */
      key: string;
      /** the question */
      body: string;
      /** who should answer; anyone if not given */
      to?: string;
      /** the answers to choose from */
      choices?: string[];
      /** block the task until the question is answered; its holder keeps it */
      hold?: boolean;
      /** how long to wait for the answer: 30m */
      wait?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key?: string;
      n: number;
      text: string;
      by: string;
      at: string;
      to?: string;
      choices?: string[];
      hold?: boolean;
      answer?: string;
      answered_by?: string;
      answered_at?: string;
    } };
  /** Answer a question. */
  question_answer: { input: {
      /** key of an epic, a feature or a task; plan means the plan itself */
      key: string;
      /** number of the question */
      n: string;
      /** the answer; one of the choices, if the question has any */
      answer: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key?: string;
      n: number;
      text: string;
      by: string;
      at: string;
      to?: string;
      choices?: string[];
      hold?: boolean;
      answer?: string;
      answered_by?: string;
      answered_at?: string;
    } };
  /** Remove a text permanently, including from the history. */
  item_redact: { input: {
      /** key of an epic, a feature or a task, also one in the trash; plan means the plan itself */
      key: string;
      /** title, description, reason, file_path, blocked_reason, link, note, check or field.NAME */
      field: string;
      /** the number of the note or check */
      note?: number;
      /** why; kept in the history */
      reason?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      field: string;
      note?: number;
      /** number of history records that contained the text */
      records: number;
      /** where the text may still exist */
      still_in: string[];
    } };
  /** Add references to an item. */
  ref_add: { input: {
      /** key of an epic, a feature or a task */
      key: string;
      /** references, such as github:42, gh#42 or PROJ-7 */
      refs: string[];
    }; answer: Epic | Feature | Task };
  /** Remove references from an item. */
  ref_remove: { input: {
      /** key of an epic, a feature or a task */
      key: string;
      /** references, such as github:42, gh#42 or PROJ-7 */
      refs: string[];
    }; answer: Epic | Feature | Task };
  /** List labels. */
  label_list: { input: {
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: {
        label: string;
        items: number;
      }[];
    } };
  /** Rename a label, or merge it into another. */
  label_rename: { input: {
      /** current name of the label */
      label: string;
      /** new name; if that label exists, the two are merged */
      to: string;
    }; answer: {
      label: string;
      renamed: number;
    } };
  /** List operations: the commands that changed the plan. */
  ops_list: { input: {
      /** maximum number of results; 50 if not given */
      limit?: number;
      /** only operations before this one: the last one of the previous page */
      before?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: {
        id: string;
        at: string;
        agent: string;
        session?: string;
        surface?: string;
        command: string;
        items: number;
        undoes?: string;
        undone_by?: string;
      }[];
      more?: boolean;
    } };
  /** Show what an operation changed. */
  ops_show: { input: {
      /** id of the operation, or a unique prefix of it; last means the newest one */
      id: string;
      /** maximum number of changes; 1000 if not given */
      limit?: number;
    }; answer: {
      id: string;
      at: string;
      agent: string;
      session?: string;
      surface?: string;
      command: string;
      items: number;
      undoes?: string;
      undone_by?: string;
      changes: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        field: string;
        from: unknown;
        to: unknown;
      }[];
      more?: number;
    } };
  /** Show the settings of the project. */
  project_show: { input: {
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      uid?: string;
      settings: {
        name: string;
        value: string;
        set: boolean;
        from: string;
        about: string;
      }[];
      stages?: {
        name: string;
        agent_type?: string;
        limit?: number;
      }[];
      machine?: {
        name: string;
        value: string;
        set: boolean;
        from: string;
        about: string;
      }[];
    } };
  /** Change a setting of the project. */
  project_set: { input: {
      /** the setting, such as time_zone or require_review */
      name: string;
      /** the new value; empty for the default */
      value: string;
    }; answer: {
      uid?: string;
      settings: {
        name: string;
        value: string;
        set: boolean;
        from: string;
        about: string;
      }[];
      stages?: {
        name: string;
        agent_type?: string;
        limit?: number;
      }[];
      machine?: {
        name: string;
        value: string;
        set: boolean;
        from: string;
        about: string;
      }[];
    } };
  /** List open questions. */
  question_list: { input: {
      /** only those for this agent or for anyone; me means yourself */
      to?: string;
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: Question[];
      more?: number;
    } };
  /** Redo what you last undid. */
  plan_redo: { input: {
      /** if set, show what would change and change nothing */
      dry_run?: boolean;
      /** if set, skip fields that were changed again since, and redo the rest */
      skip_conflicts?: boolean;
    }; answer: {
      undone: {
        id: string;
        at: string;
        agent: string;
        session?: string;
        surface?: string;
        command: string;
        items: number;
        undoes?: string;
        undone_by?: string;
      }[];
      redo?: boolean;
      dry_run?: boolean;
      changes: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        field: string;
        from: unknown;
        to: unknown;
      }[];
      more?: number;
      conflicts?: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        field: string;
        operation: string;
        agent: string;
      }[];
      warnings?: Warning[];
    } };
  /** Read the live tasks as columns, with the position in the event stream. */
  plan_replica: { input: {
      /** only these tasks and the tasks that depend on them */
      keys?: string[];
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      place: string;
      now: string;
      live: number;
      paged?: boolean;
      levels?: boolean;
      tasks: {
        key: string[];
        title: string[];
        status: ("todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived")[];
        stage: string[];
        kind: string[];
        agent_type: string[];
        priority: number[];
        position: string[];
        assignee: string[];
        assigned_agent: string[];
        labels: string[][];
        due: string[];
        not_before: string[];
        estimate: number[];
        checks: number[];
        checks_done: number[];
        blocked_reason: string[];
        open_dependencies: number[];
        ready: boolean[];
        lease_until: number[];
        version: number[];
        created_at: number[];
        updated_at: number[];
        started_at: number[];
        completed_at: number[];
        blocked_at: number[];
      };
      epics: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        status: "draft" | "active" | "completed" | "archived";
        tasks_total: number;
        tasks_completed: number;
        open_dependencies?: number;
        labels?: string[];
        version: number;
      }[];
      features: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        status: "draft" | "active" | "completed" | "archived";
        tasks_total: number;
        tasks_completed: number;
        open_dependencies?: number;
        labels?: string[];
        version: number;
      }[];
      verbs: {
        verb: string;
        from: ("todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived")[];
        to: "todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived";
        reason?: boolean;
      }[];
      stages?: {
        name: string;
        agent_type?: string;
        limit?: number;
      }[];
    } };
  /** Read the keys of the tasks that match a query. */
  plan_keys: { input: {
      /** terms and words, as in pm list */
      query?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      keys: string[];
      more?: boolean;
    } };
  /** Report what happened since a given time. */
  plan_report: { input: {
      /** start: a day or time such as monday or 3d, or an operation; a week ago if not given. On the command line also last: since you last ran it */
      since?: string;
    }; answer: {
      since: string;
      until: string;
      progress: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        title?: string;
        from: {
          tasks_total: number;
          tasks_completed: number;
          progress_pct: number;
        };
        to: {
          tasks_total: number;
          tasks_completed: number;
          progress_pct: number;
        };
      };
      done: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        agent?: string;
        due?: string;
        due_before?: string;
        reason?: string;
      }[];
      started: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        agent?: string;
        due?: string;
        due_before?: string;
        reason?: string;
      }[];
      new: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        agent?: string;
        due?: string;
        due_before?: string;
        reason?: string;
      }[];
      slipped: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        agent?: string;
        due?: string;
        due_before?: string;
        reason?: string;
      }[];
      blocked: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        agent?: string;
        due?: string;
        due_before?: string;
        reason?: string;
      }[];
      epics: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        title?: string;
        from: {
          tasks_total: number;
          tasks_completed: number;
          progress_pct: number;
        };
        to: {
          tasks_total: number;
          tasks_completed: number;
          progress_pct: number;
        };
      }[];
      due: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        agent?: string;
        due?: string;
        due_before?: string;
        reason?: string;
      }[];
      warnings?: Warning[];
    } };
  /** List stages in order. */
  stage_list: { input: {
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: {
        name: string;
        agent_type?: string;
        limit?: number;
        open: number;
        ready: number;
        in_progress: number;
      }[];
    } };
  /** Add a stage that tasks pass through. */
  stage_create: { input: {
      /** name of the stage: one word, such as test */
      name: string;
      /** the agent type that works in it; if not given, each task's own agent type applies */
      agent_type?: string;
      /** how many of its tasks can be in progress at once; no limit if not given */
      limit?: number;
      /** the stage to put it before; last if not given */
      before?: string;
      /** the stage to put it after */
      after?: string;
    }; answer: {
      items: {
        name: string;
        agent_type?: string;
        limit?: number;
        open: number;
        ready: number;
        in_progress: number;
      }[];
    } };
  /** Change the agent type, the limit or the place of a stage. */
  stage_update: { input: {
      /** the stage */
      name: string;
      /** the agent type that works in it; if empty, each task's own agent type applies */
      agent_type?: string;
      /** how many of its tasks can be in progress at once; 0 for no limit */
      limit?: number;
      /** the stage to put it before */
      before?: string;
      /** the stage to put it after */
      after?: string;
    }; answer: {
      items: {
        name: string;
        agent_type?: string;
        limit?: number;
        open: number;
        ready: number;
        in_progress: number;
      }[];
    } };
  /** Delete a stage. */
  stage_delete: { input: {
      /** the stage */
      name: string;
      /** the stage to move its open tasks to */
      to?: string;
    }; answer: {
      name: string;
      to?: string;
      moved: number;
    } };
  /** Show the state of the project on one screen. */
  plan_status: { input: {
      /** maximum length of each list; 12 epics, 8 tasks and 6 changes if not given */
      limit?: number;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      tasks_total: number;
      tasks_completed: number;
      progress_pct: number;
      counts: {
        todo: number;
        ready: number;
        expired?: number;
        waiting: number;
        deferred?: number;
        inactive?: number;
        in_progress: number;
        blocked: number;
        ready_for_review: number;
        completed: number;
        archived: number;
      };
      epics: Epic[];
      more_epics?: number;
      held: Task[];
      blocked: Task[];
      in_review: Task[];
      last_changes: History[];
      trash?: {
        deleted_at: string;
        leaves_at?: string;
      };
      backup?: {
        path?: string;
        at: string;
        age_seconds: number;
        proved_at?: string;
        problems?: number;
      };
    } };
  /** List tasks. */
  task_list: { input: {
      /** terms and words, such as status:todo type:backend priority:1..3 (label:q3 or due:..+7d) -is:ready sort:priority,-updated receipt; flags narrow it down further */
      query?: string;
      /** only these statuses */
      status?: ("todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived")[];
      /** only tasks of this epic */
      epic?: string;
      /** only tasks of this feature */
      feature?: string;
      /** only tasks of these agent types */
      agent_type?: string[];
      /** only tasks that these agents hold or held last; me means yourself */
      assigned_agent?: string[];
      /** only tasks of this priority or more urgent */
      max_priority?: number;
      /** only tasks that can be claimed now */
      ready?: boolean;
      /** key (the default), priority, created, updated, due, defer, estimate, position or a custom field, or two of them, such as priority,-updated; - reverses the order */
      sort?: string;
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** next_cursor of the previous page */
      cursor?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: Task[];
      more?: number;
      next_cursor?: string;
      complete?: boolean;
    } };
  /** Create a task in a feature. */
  task_create: { input: {
      /** key of the feature the task belongs to */
      feature: string;
      /** what to do, in one line */
      title: string;
      /** description, Markdown */
      description?: string;
      /** 1 (most urgent) to 10 (least); 5 if not given */
      priority?: number;
      /** the type of agent it needs: backend, frontend, testing or any word */
      agent_type?: string;
      /** keys of the tasks that must be done before it */
      depends_on?: string[];
      /** a project file that the task is about */
      file_path?: string;
      /** labels, each one word */
      labels?: string[];
      /** kind of task: bug, chore, spike or any word */
      kind?: string;
      /** the stage to start in; the first one if not given */
      stage?: string;
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
      due?: string;
      /** the agent to assign it to: pm next offers it to nobody else */
      assignee?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
      defer?: string;
      /** estimate, in hours unless the project uses another unit: 2.5, 90m */
      estimate?: number | string;
      /** what must be true before it is done, one line each */
      checks?: string[];
      /** custom fields, such as severity=high */
      fields?: { [name: string]: string | number | boolean | null };
      /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE */
      repeat?: string;
      /** key of the item you were working on when you found the need for it */
      discovered_from?: string;
    }; answer: Task & Beside };
  /** Update tasks. */
  task_update_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** new title */
      title?: string;
      /** new description, Markdown */
      description?: string;
      /** 1 (most urgent) to 10 (least) */
      priority?: number;
      /** the type of agent it needs; empty for any */
      agent_type?: string;
      /** a project file that the task is about */
      file_path?: string;
      /** kind of task: bug, chore, spike or any word; empty for the default, task */
      kind?: string;
      /** the stage to put it in; its status and holder stay the same; empty for none */
      stage?: string;
      /** custom fields, such as severity=high; an empty value clears one */
      fields?: { [name: string]: string | number | boolean | null };
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none */
      due?: string;
      /** the agent to assign it to: pm next offers it to nobody else; empty for anyone */
      assignee?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none */
      defer?: string;
      /** estimate, in hours unless the project uses another unit: 2.5, 90m; empty for none */
      estimate?: number | string;
      /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE; empty for never */
      repeat?: string;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Approve reviewed tasks, which completes them. */
  task_approve_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Archive tasks. */
  task_archive_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** how it ended: done, wont_do (the default for tasks that were not completed), duplicate, obsolete or cannot_reproduce */
      resolution?: "done" | "wont_do" | "duplicate" | "obsolete" | "cannot_reproduce";
      /** key of the original item: links to it and sets the resolution to duplicate */
      duplicate_of?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Create many tasks, all or none of them. */
  task_create_many: { input: {
      /** the tasks to create, each with the fields of task create */
      tasks: {
        /** key of the feature the task belongs to */
        feature: string;
        /** what to do, in one line */
        title: string;
        /** description, Markdown */
        description?: string;
        /** 1 (most urgent) to 10 (least); 5 if not given */
        priority?: number;
        /** the type of agent it needs: backend, frontend, testing or any word */
        agent_type?: string;
        /** keys of the tasks that must be done before it */
        depends_on?: string[];
        /** a project file that the task is about */
        file_path?: string;
        /** labels, each one word */
        labels?: string[];
        /** kind of task: bug, chore, spike or any word */
        kind?: string;
        /** the stage to start in; the first one if not given */
        stage?: string;
        /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00 */
        due?: string;
        /** the agent to assign it to: pm next offers it to nobody else */
        assignee?: string;
        /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00 */
        defer?: string;
        /** estimate, in hours unless the project uses another unit: 2.5, 90m */
        estimate?: number | string;
        /** what must be true before it is done, one line each */
        checks?: string[];
        /** custom fields, such as severity=high */
        fields?: { [name: string]: string | number | boolean | null };
        /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE */
        repeat?: string;
        /** key of the item you were working on when you found the need for it */
        discovered_from?: string;
      }[];
    }; answer: {
      items: Task[];
      warnings?: Warning[];
    } };
  /** Block tasks, with a reason. */
  task_block_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Claim ready tasks, so that nobody else gets them. */
  task_claim_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** how long the claim lasts unless renewed: 30m (the default), 2h, 1d */
      lease?: string;
      /** why; required with force */
      reason?: string;
      /** claim it even if somebody else holds it or it is waiting */
      force?: boolean;
      /** move the claim here from another session under your name, or claim a task assigned to somebody else */
      take_over?: boolean;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Complete tasks. */
  task_complete_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** how it ended: done (the default), cannot_reproduce, obsolete, duplicate or wont_do */
      resolution?: "done" | "wont_do" | "duplicate" | "obsolete" | "cannot_reproduce";
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Count tasks, in all or for each value of a field. */
  task_count: { input: {
      /** terms and words, as in pm list */
      query?: string;
      /** count the tasks for each value of this field: status, epic, feature, type, agent, assignee, kind, stage, priority, resolution, label or a custom field */
      group?: string;
      /** only these statuses */
      status?: ("todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived")[];
      /** only tasks of this epic */
      epic?: string;
      /** only tasks of this feature */
      feature?: string;
      /** only tasks of these agent types */
      agent_type?: string[];
      /** only tasks that these agents hold or held last; me means yourself */
      assigned_agent?: string[];
      /** only tasks of this priority or more urgent */
      max_priority?: number;
      /** only tasks that can be claimed now */
      ready?: boolean;
      /** maximum number of groups; 50 if not given, 0 for all */
      limit?: number;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      count: number;
      group?: string;
      items?: {
        value: string;
        title?: string;
        count: number;
      }[];
      more?: number;
    } };
  /** List the tasks you hold. */
  task_mine: { input: {
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** next_cursor of the previous page */
      cursor?: string;
    }; answer: {
      items: Task[];
      more?: number;
      next_cursor?: string;
      complete?: boolean;
      other_sessions?: number;
      /** tasks held by other sessions under the same name, at most 20 */
      others?: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        session?: string;
        lease_until?: string;
      }[];
    } };
  /** Show or claim the next task to work on. */
  task_next: { input: {
      /** claim the task in the same step */
      claim?: boolean;
      /** only tasks of this agent type or of none */
      agent_type?: string;
      /** only tasks of this epic */
      epic?: string;
      /** only tasks of this feature */
      feature?: string;
      /** keys of tasks to skip */
      not?: string[];
      /** how long the claim lasts unless renewed: 30m (the default), 2h, 1d */
      lease?: string;
      /** include everything needed to start, as pm show --context does */
      context?: boolean;
      /** how long to wait for a task to become ready: 30s */
      wait?: string;
    }; answer: {
      task: Task | null;
      /** why the last review rejected it */
      rejected?: string;
      /** why it was reopened */
      reopened?: string;
      /** why a todo task is not offered as work: its epic or feature is not active, or is waiting */
      not_offered?: string;
      /** everything needed to start, if requested */
      context?: {
        epic: string;
        epic_description?: string;
        feature: string;
        feature_description?: string;
        /** why the last review rejected it */
        rejected?: string;
        /** why it was reopened */
        reopened?: string;
        /** why a todo task is not offered as work: its epic or feature is not active, or is waiting */
        not_offered?: string;
        depends_on?: Linked[];
        more_depends_on?: number;
        dependants?: Linked[];
        more_dependants?: number;
        notes?: Note[];
        more_notes?: number;
        questions?: Question[];
        siblings?: Linked[];
        next_commands?: string[];
      };
      handoff?: Note;
      taken_over?: Takeover;
      /** new answers to your questions on it */
      answers?: Question[];
      /** token of a claim without a session: send it with every later call on this task */
      claim_token?: string;
      why?: {
        held: number;
        waiting: number;
        blocked: number;
        in_review: number;
        inactive?: number;
        deferred?: number;
        until?: string;
        assigned?: number;
        full?: number;
      };
      /** possibly unintended consequences of the claim */
      warnings?: Warning[];
      next_commands?: string[];
    } };
  /** Reject reviewed tasks, which sends them back. */
  task_reject_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** an earlier stage, where it becomes todo for anyone; if not given, it goes back to whoever submitted it */
      to?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Release tasks you hold. */
  task_release_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Renew your leases. */
  task_renew_several: { input: {
      /** keys of tasks that you hold */
      keys: string[];
      /** how long from now; the length of the claim if not given */
      lease?: string;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Reopen completed or archived tasks. */
  task_reopen_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Search tasks by text. */
  task_search: { input: {
      /** words to find; a word also matches longer words that start with it, unless it is in double quotes */
      text: string;
      /** only these statuses */
      status?: ("todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived")[];
      /** only tasks of this epic */
      epic?: string;
      /** maximum number of results; 50 if not given, 0 for all */
      limit?: number;
      /** next_cursor of the previous page */
      cursor?: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: Found[];
      more?: number;
      next_cursor?: string;
      complete?: boolean;
    } };
  /** Start tasks without a lease. */
  task_start_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Submit tasks for review, or to the next stage. */
  task_submit_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Unblock tasks. */
  task_unblock_several: { input: {
      /** keys of the tasks */
      keys: string[];
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside | {
      items: Task[];
      warnings?: {
        /** not_offered, not_waited_for, released, waiting_again, open_tasks, waiting, elsewhere, shared_file, repeated, not_handed_back or emptied */
        code: string;
        message: string;
        /** what to do about it */
        hint?: string;
      }[];
    } & Beside };
  /** Show a task. */
  task_show: { input: {
      /** key of the task */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      /** such as E04, E04-F01 or T-E04-F01-001 */
      feature_key: string;
      /** such as E04, E04-F01 or T-E04-F01-001 */
      epic_key: string;
      title: string;
      description?: string;
      status: "todo" | "in_progress" | "blocked" | "ready_for_review" | "completed" | "archived";
      kind?: string;
      stage?: string;
      agent_type?: string;
      priority: number;
      position?: string;
      assignee?: string;
      assigned_agent?: string;
      session?: string;
      file_path?: string;
      labels?: string[];
      refs?: string[];
      links?: {
        as: string;
        to: string;
      }[];
      moved_from?: string;
      fields?: { [name: string]: string | number | boolean | null };
      due?: string;
      defer?: string;
      not_before?: string;
      estimate?: number;
      checks?: {
        n: number;
        text: string;
        done: boolean;
        by?: string;
        at?: string;
      }[];
      resolution?: string;
      repeat?: string;
      blocked_reason?: string;
      depends_on?: string[];
      open_dependencies: number;
      lease_until?: string;
      fence?: number;
      version: number;
      created_at: string;
      started_at?: string;
      completed_at?: string;
      blocked_at?: string;
      updated_at: string;
    } };
  /** Update tasks. */
  task_update: { input: {
      /** keys of the tasks */
      key: string;
      /** new title */
      title?: string;
      /** new description, Markdown */
      description?: string;
      /** 1 (most urgent) to 10 (least) */
      priority?: number;
      /** the type of agent it needs; empty for any */
      agent_type?: string;
      /** a project file that the task is about */
      file_path?: string;
      /** kind of task: bug, chore, spike or any word; empty for the default, task */
      kind?: string;
      /** the stage to put it in; its status and holder stay the same; empty for none */
      stage?: string;
      /** custom fields, such as severity=high; an empty value clears one */
      fields?: { [name: string]: string | number | boolean | null };
      /** due date, a day or a time: 2026-12-01, fri, +7d, 2026-12-01T15:00; empty for none */
      due?: string;
      /** the agent to assign it to: pm next offers it to nobody else; empty for anyone */
      assignee?: string;
      /** defer until this day or time: 2026-12-01, mon, +7d, 2026-12-01T15:00; empty for none */
      defer?: string;
      /** estimate, in hours unless the project uses another unit: 2.5, 90m; empty for none */
      estimate?: number | string;
      /** how often it repeats after it is completed: daily, weekly, every 2 weeks on mon,thu, monthly, yearly, or an RRULE; empty for never */
      repeat?: string;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Approve reviewed tasks, which completes them. */
  task_approve: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Archive tasks. */
  task_archive: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** how it ended: done, wont_do (the default for tasks that were not completed), duplicate, obsolete or cannot_reproduce */
      resolution?: "done" | "wont_do" | "duplicate" | "obsolete" | "cannot_reproduce";
      /** key of the original item: links to it and sets the resolution to duplicate */
      duplicate_of?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Block tasks, with a reason. */
  task_block: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Add checks to a task. */
  check_add: { input: {
      /** key of the task */
      key: string;
      /** what must be true before the task is done, one line each */
      checks: string[];
    }; answer: Task & Beside };
  /** Remove checks from a task. */
  check_remove: { input: {
      /** key of the task */
      key: string;
      /** numbers of the checks, as listed by pm show */
      n: number[];
    }; answer: Task & Beside };
  /** Move a check in the list. */
  check_move: { input: {
      /** key of the task */
      key: string;
      /** number of the check */
      n: number;
      /** number of the check to move it before */
      before?: number;
      /** number of the check to move it after */
      after?: number;
    }; answer: Task & Beside };
  /** Tick checks of a task. */
  check_tick: { input: {
      /** key of the task */
      key: string;
      /** numbers of the checks, as listed by pm show */
      n: number[];
    }; answer: Task & Beside };
  /** Untick checks of a task. */
  check_untick: { input: {
      /** key of the task */
      key: string;
      /** numbers of the checks, as listed by pm show */
      n: number[];
    }; answer: Task & Beside };
  /** Claim ready tasks, so that nobody else gets them. */
  task_claim: { input: {
      /** keys of the tasks */
      key: string;
      /** how long the claim lasts unless renewed: 30m (the default), 2h, 1d */
      lease?: string;
      /** why; required with force */
      reason?: string;
      /** claim it even if somebody else holds it or it is waiting */
      force?: boolean;
      /** move the claim here from another session under your name, or claim a task assigned to somebody else */
      take_over?: boolean;
    }; answer: Task & Beside };
  /** Complete tasks. */
  task_complete: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** how it ended: done (the default), cannot_reproduce, obsolete, duplicate or wont_do */
      resolution?: "done" | "wont_do" | "duplicate" | "obsolete" | "cannot_reproduce";
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Show a task with everything needed to start on it. */
  task_context: { input: {
      /** key of the task */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      task: Task;
      epic: string;
      epic_description?: string;
      feature: string;
      feature_description?: string;
      /** why the last review rejected it */
      rejected?: string;
      /** why it was reopened */
      reopened?: string;
      /** why a todo task is not offered as work: its epic or feature is not active, or is waiting */
      not_offered?: string;
      depends_on?: Linked[];
      more_depends_on?: number;
      dependants?: Linked[];
      more_dependants?: number;
      notes?: Note[];
      more_notes?: number;
      questions?: Question[];
      siblings?: Linked[];
      next_commands?: string[];
    } };
  /** Hand off a task with a note on its state. */
  task_handoff: { input: {
      /** key of the task */
      key: string;
      /** what is done, what is left, what to watch out for */
      body: string;
      /** release the task in the same step */
      release?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
    }; answer: Task & Beside };
  /** Move a task before or after another in the plan's order. */
  task_order: { input: {
      /** key of the task */
      key: string;
      /** key of the task to move it before */
      before?: string;
      /** key of the task to move it after */
      after?: string;
    }; answer: Task & Beside };
  /** Reject reviewed tasks, which sends them back. */
  task_reject: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** an earlier stage, where it becomes todo for anyone; if not given, it goes back to whoever submitted it */
      to?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Release tasks you hold. */
  task_release: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Renew your leases. */
  task_renew: { input: {
      /** keys of tasks that you hold */
      key: string;
      /** how long from now; the length of the claim if not given */
      lease?: string;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
    }; answer: Task & Beside };
  /** Reopen completed or archived tasks. */
  task_reopen: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Show the next dates of a recurring task. */
  repeat_show: { input: {
      /** key of the task */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      repeat: string;
      next: string[];
    } };
  /** Start tasks without a lease. */
  task_start: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Submit tasks for review, or to the next stage. */
  task_submit: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** Unblock tasks. */
  task_unblock: { input: {
      /** keys of the tasks */
      key: string;
      /** why; kept in the history */
      reason?: string;
      /** override the rules; needs a reason, which is kept in the history */
      force?: boolean;
      /** fencing token of your claim: refused if the task was claimed again since */
      fence?: number;
      /** change it only if it is still at this version */
      if_version?: number;
    }; answer: Task & Beside };
  /** List the dependencies of an item, in both directions. */
  dep_list: { input: {
      /** key of a task, a feature or an epic */
      task: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      task: string;
      depends_on: Linked[];
      dependants: Linked[];
    } };
  /** Add dependencies to an item. */
  dep_add: { input: {
      /** key of the task, feature or epic that depends on the others */
      task: string;
      /** keys of its dependencies: tasks, or whole features and epics */
      depends_on: string[];
    }; answer: Epic | Feature | Task };
  /** Remove dependencies from an item. */
  dep_remove_several: { input: {
      /** key of the task, feature or epic that depends on the others */
      task: string;
      /** keys of its dependencies: tasks, or whole features and epics */
      depends_on: string[];
    }; answer: Epic | Feature | Task };
  /** Remove dependencies from an item. */
  dep_remove: { input: {
      /** key of the task, feature or epic that depends on the others */
      task: string;
      /** keys of its dependencies: tasks, or whole features and epics */
      depends_on: string;
    }; answer: Epic | Feature | Task };
  /** List deleted items that can be restored. */
  trash_list: { input: {
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        epics?: number;
        features?: number;
        tasks?: number;
        notes?: number;
        agent: string;
        operation: string;
        deleted_at: string;
        leaves_at?: string;
      }[];
    } };
  /** Delete everything in the trash permanently. */
  trash_empty: { input: {
      /** only items deleted longer ago than this, such as 30d; everything if not given */
      older?: string;
    }; answer: {
      items: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        epics?: number;
        features?: number;
        tasks?: number;
        notes?: number;
        agent: string;
        operation: string;
        deleted_at: string;
        leaves_at?: string;
      }[];
    } };
  /** Show what a deleted item would bring back. */
  trash_show: { input: {
      /** key of a deleted epic, feature or task */
      key: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      title: string;
      epics?: number;
      features?: number;
      tasks?: number;
      notes?: number;
      agent: string;
      operation: string;
      deleted_at: string;
      leaves_at?: string;
      items: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key: string;
        title: string;
        status: string;
      }[];
    } };
  /** Restore a deleted item from the trash. */
  trash_restore: { input: {
      /** key of a deleted epic, feature or task */
      key: string;
      /** if set, show what would be restored and change nothing */
      dry_run?: boolean;
    }; answer: {
      /** such as E04, E04-F01 or T-E04-F01-001 */
      key: string;
      title: string;
      restored: {
        epics: number;
        features: number;
        tasks: number;
        notes: number;
      };
      dry_run?: boolean;
      warnings?: Warning[];
    } };
  /** Show the plan as a tree. */
  plan_tree: { input: {
      /** only this epic or feature */
      key?: string;
      /** how deep: epic, feature or task (the default) */
      depth?: "epic" | "feature" | "task";
      /** hide completed and archived items */
      open?: boolean;
      /** maximum number of items; 50 if not given, 0 for all */
      limit?: number;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      epics: EpicTree[];
      /** number of epics not shown */
      more?: number;
      complete?: boolean;
    } };
  /** Undo an operation. */
  plan_undo: { input: {
      /** id of the operation; your last one that has not been undone yet if not given */
      id?: string;
      /** undo all operations back to this one, or since this time, whoever ran them: an id, 10:00, -2h, monday, 2026-11-01T10:00Z */
      to?: string;
      /** if set, show what would change and change nothing */
      dry_run?: boolean;
      /** if set, skip fields that were changed again since, and undo the rest */
      skip_conflicts?: boolean;
    }; answer: {
      undone: {
        id: string;
        at: string;
        agent: string;
        session?: string;
        surface?: string;
        command: string;
        items: number;
        undoes?: string;
        undone_by?: string;
      }[];
      redo?: boolean;
      dry_run?: boolean;
      changes: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        field: string;
        from: unknown;
        to: unknown;
      }[];
      more?: number;
      conflicts?: {
        /** such as E04, E04-F01 or T-E04-F01-001 */
        key?: string;
        field: string;
        operation: string;
        agent: string;
      }[];
      warnings?: Warning[];
    } };
  /** List saved views. */
  view_list: { input: {
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      items: {
        name: string;
        query: string;
        columns?: string[];
        built_in?: boolean;
      }[];
    } };
  /** Save a query as a view. */
  view_save: { input: {
      /** name of the view, such as triage: the list is then @triage */
      name: string;
      /** the query, as for pm list; it can include other views */
      query?: string;
      /** the fields to show, by JSON name, or custom fields: key,title,agent */
      columns?: string[];
    }; answer: {
      name: string;
      query: string;
      columns?: string[];
      built_in?: boolean;
    } };
  /** Show a saved query. */
  view_show: { input: {
      /** name of the view, with or without the @ */
      name: string;
      /** show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id) */
      as_of?: string;
    }; answer: {
      name: string;
      query: string;
      columns?: string[];
      built_in?: boolean;
    } };
  /** Delete a view. */
  view_delete: { input: {
      /** name of the view, with or without the @ */
      name: string;
    }; answer: {
      name: string;
      built_in?: boolean;
    } };
}

/** Method and path of each operation. */
export const routes: { readonly [N in keyof Operations]: string } = {
  healthz: "GET /healthz",
  openapi: "GET /openapi.json",
  readyz: "GET /readyz",
  plan_apply: "POST /v1/apply",
  plan_diff: "GET /v1/diff",
  epic_list: "GET /v1/epics",
  epic_create: "POST /v1/epics",
  epic_show: "GET /v1/epics/{key}",
  epic_update: "PATCH /v1/epics/{key}",
  feature_list: "GET /v1/features",
  feature_create: "POST /v1/features",
  feature_show: "GET /v1/features/{key}",
  feature_update: "PATCH /v1/features/{key}",
  field_list: "GET /v1/fields",
  field_create: "POST /v1/fields",
  field_update: "PATCH /v1/fields/{name}",
  field_delete: "DELETE /v1/fields/{name}",
  plan_forecast: "GET /v1/forecast",
  plan_graph: "GET /v1/graph",
  plan_log: "GET /v1/history",
  plan_insights: "GET /v1/insights",
  item_show_many: "GET /v1/items",
  label_add_several: "POST /v1/items/labels",
  label_remove_several: "DELETE /v1/items/labels",
  item_move_several: "POST /v1/items/move",
  note_accept: "POST /v1/items/plan/notes/accept",
  item_show: "GET /v1/items/{key}",
  item_delete: "DELETE /v1/items/{key}",
  label_add: "POST /v1/items/{key}/labels",
  label_remove: "DELETE /v1/items/{key}/labels",
  item_link: "POST /v1/items/{key}/links",
  item_unlink: "DELETE /v1/items/{key}/links",
  item_move: "POST /v1/items/{key}/move",
  note_list: "GET /v1/items/{key}/notes",
  note_add: "POST /v1/items/{key}/notes",
  note_edit: "PATCH /v1/items/{key}/notes/{n}",
  note_remove: "DELETE /v1/items/{key}/notes/{n}",
  question_ask: "POST /v1/items/{key}/questions",
  question_answer: "POST /v1/items/{key}/questions/{n}/answer",
  item_redact: "POST /v1/items/{key}/redact",
  ref_add: "POST /v1/items/{key}/refs",
  ref_remove: "DELETE /v1/items/{key}/refs",
  label_list: "GET /v1/labels",
  label_rename: "POST /v1/labels/{label}/rename",
  ops_list: "GET /v1/operations",
  ops_show: "GET /v1/operations/{id}",
  project_show: "GET /v1/project",
  project_set: "PUT /v1/project/settings/{name}",
  question_list: "GET /v1/questions",
  plan_redo: "POST /v1/redo",
  plan_replica: "GET /v1/replica",
  plan_keys: "GET /v1/replica/keys",
  plan_report: "GET /v1/report",
  stage_list: "GET /v1/stages",
  stage_create: "POST /v1/stages",
  stage_update: "PATCH /v1/stages/{name}",
  stage_delete: "DELETE /v1/stages/{name}",
  plan_status: "GET /v1/status",
  task_list: "GET /v1/tasks",
  task_create: "POST /v1/tasks",
  task_update_several: "PATCH /v1/tasks",
  task_approve_several: "POST /v1/tasks/approve",
  task_archive_several: "POST /v1/tasks/archive",
  task_create_many: "POST /v1/tasks/batch",
  task_block_several: "POST /v1/tasks/block",
  task_claim_several: "POST /v1/tasks/claim",
  task_complete_several: "POST /v1/tasks/complete",
  task_count: "GET /v1/tasks/count",
  task_mine: "GET /v1/tasks/mine",
  task_next: "POST /v1/tasks/next",
  task_reject_several: "POST /v1/tasks/reject",
  task_release_several: "POST /v1/tasks/release",
  task_renew_several: "POST /v1/tasks/renew",
  task_reopen_several: "POST /v1/tasks/reopen",
  task_search: "GET /v1/tasks/search",
  task_start_several: "POST /v1/tasks/start",
  task_submit_several: "POST /v1/tasks/submit",
  task_unblock_several: "POST /v1/tasks/unblock",
  task_show: "GET /v1/tasks/{key}",
  task_update: "PATCH /v1/tasks/{key}",
  task_approve: "POST /v1/tasks/{key}/approve",
  task_archive: "POST /v1/tasks/{key}/archive",
  task_block: "POST /v1/tasks/{key}/block",
  check_add: "POST /v1/tasks/{key}/checks",
  check_remove: "DELETE /v1/tasks/{key}/checks",
  check_move: "POST /v1/tasks/{key}/checks/move",
  check_tick: "POST /v1/tasks/{key}/checks/tick",
  check_untick: "POST /v1/tasks/{key}/checks/untick",
  task_claim: "POST /v1/tasks/{key}/claim",
  task_complete: "POST /v1/tasks/{key}/complete",
  task_context: "GET /v1/tasks/{key}/context",
  task_handoff: "POST /v1/tasks/{key}/handoff",
  task_order: "POST /v1/tasks/{key}/order",
  task_reject: "POST /v1/tasks/{key}/reject",
  task_release: "POST /v1/tasks/{key}/release",
  task_renew: "POST /v1/tasks/{key}/renew",
  task_reopen: "POST /v1/tasks/{key}/reopen",
  repeat_show: "GET /v1/tasks/{key}/repeat",
  task_start: "POST /v1/tasks/{key}/start",
  task_submit: "POST /v1/tasks/{key}/submit",
  task_unblock: "POST /v1/tasks/{key}/unblock",
  dep_list: "GET /v1/tasks/{task}/dependencies",
  dep_add: "POST /v1/tasks/{task}/dependencies",
  dep_remove_several: "DELETE /v1/tasks/{task}/dependencies",
  dep_remove: "DELETE /v1/tasks/{task}/dependencies/{depends_on}",
  trash_list: "GET /v1/trash",
  trash_empty: "DELETE /v1/trash",
  trash_show: "GET /v1/trash/{key}",
  trash_restore: "POST /v1/trash/{key}/restore",
  plan_tree: "GET /v1/tree",
  plan_undo: "POST /v1/undo",
  view_list: "GET /v1/views",
  view_save: "POST /v1/views",
  view_show: "GET /v1/views/{name}",
  view_delete: "DELETE /v1/views/{name}",
};
