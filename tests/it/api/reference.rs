//! State machines, versions, aliases, tags and executions in as few words as possible: what the service is compared
//! with.

use std::collections::BTreeMap;

/// So long runs an execution that nobody ends, in seconds.
pub(super) const RUNS_FOR: u64 = 3600;

/// Names are short indexes, drawn by the test.
pub(super) type Name = &'static str;

#[derive(Debug, Clone)]
pub(super) enum Action {
    CreateMachine { machine: Name, content: Content, publish: bool, tag: Option<(Name, Name)> },
    UpdateMachine { machine: Name, definition: Option<u8>, role: Option<u8>, publish: bool },
    DeleteMachine { machine: Name },
    Publish { machine: Name, description: Option<Name> },
    DeleteVersion { machine: Name, version: u64 },
    Alias { machine: Name, alias: Name, change: AliasChange },
    Tag { machine: Name, key: Name, value: Name },
    Untag { machine: Name, key: Name },
    Start { machine: Name, by: By, name: Name, input: Name },
    Stop { machine: Name, name: Name },
    Pass { seconds: u64 },
}

#[derive(Debug, Clone)]
pub(super) enum AliasChange {
    Create(Routes, Option<Name>),
    Update(Option<Routes>, Option<Name>),
    Delete,
}

/// What an execution is started by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Machine,
    Version(u64),
    Alias(Name),
}

/// The versions that an alias leads to, with their weights.
pub(super) type Routes = Vec<(u64, u64)>;

/// Which definition and which role; equal numbers are equal texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) definition: u8,
    pub(super) role: u8,
}

#[derive(Debug, Default)]
pub(super) struct Reference {
    pub(super) now: u64,
    pub(super) machines: BTreeMap<Name, Machine>,
    pub(super) executions: Vec<Execution>,
    generations: u64,
}

#[derive(Debug)]
pub(super) struct Machine {
    pub(super) generation: u64,
    pub(super) created: u64,
    created_published: bool,
    pub(super) content: Content,
    /// 0 is the initial one.
    pub(super) revision: u64,
    pub(super) versions: BTreeMap<u64, Version>,
    last_version: u64,
    pub(super) aliases: BTreeMap<Name, Alias>,
    pub(super) tags: BTreeMap<Name, Name>,
    pub(super) deleting: bool,
}

#[derive(Debug)]
pub(super) struct Version {
    pub(super) content: Content,
    pub(super) revision: u64,
    pub(super) description: Option<Name>,
    pub(super) created: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) routes: Routes,
    pub(super) description: Option<Name>,
    pub(super) created: u64,
    pub(super) updated: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Execution {
    pub(super) machine: Name,
    pub(super) generation: u64,
    pub(super) name: Name,
    pub(super) input: Name,
    pub(super) by: By,
    pub(super) started: u64,
    /// When it ended, and how.
    pub(super) ended: Option<(u64, &'static str)>,
}

/// The name of the error that a refused action gets.
pub(super) type Refusal = &'static str;

impl Reference {
    pub(super) fn apply(&mut self, action: &Action) -> Result<(), Refusal> {
        match action {
            Action::CreateMachine { machine, content, publish, tag } => {
                self.create_machine(machine, *content, *publish, *tag)
            }
            Action::UpdateMachine { machine, definition, role, publish } => {
                self.update_machine(machine, *definition, *role, *publish)
            }
            Action::DeleteMachine { machine } => self.delete_machine(machine),
            Action::Publish { machine, description } => {
                let now = self.now;
                self.changeable(machine)?.publish(*description, now);
                Ok(())
            }
            Action::DeleteVersion { machine, version } => self.delete_version(machine, *version),
            Action::Alias { machine, alias, change } => self.change_alias(machine, alias, change),
            Action::Tag { machine, key, value } => self.tags(machine).map(|tags| _ = tags.insert(key, value)),
            Action::Untag { machine, key } => self.tags(machine).map(|tags| _ = tags.remove(key)),
            Action::Start { machine, by, name, input } => self.start(machine, *by, name, input),
            Action::Stop { machine, name } => self.stop(machine, name),
            Action::Pass { seconds } => {
                self.pass(*seconds);
                Ok(())
            }
        }
    }

    fn create_machine(
        &mut self,
        name: Name,
        content: Content,
        publish: bool,
        tag: Option<(Name, Name)>,
    ) -> Result<(), Refusal> {
        if let Some(machine) = self.machines.get(name) {
            // The role does not count.
            let same =
                machine.content.definition == content.definition && machine.created_published == publish;
            return match (machine.deleting, same) {
                (true, _) => Err("StateMachineDeleting"),
                (false, true) => Ok(()),
                (false, false) => Err("StateMachineAlreadyExists"),
            };
        }
        self.generations += 1;
        let mut machine = Machine {
            generation: self.generations,
            created: self.now,
            created_published: publish,
            content,
            revision: 0,
            versions: BTreeMap::new(),
            last_version: 0,
            aliases: BTreeMap::new(),
            tags: tag.into_iter().collect(),
            deleting: false,
        };
        if publish {
            machine.publish(None, self.now);
        }
        self.machines.insert(name, machine);
        Ok(())
    }

    fn update_machine(
        &mut self,
        name: Name,
        definition: Option<u8>,
        role: Option<u8>,
        publish: bool,
    ) -> Result<(), Refusal> {
        let now = self.now;
        let machine = self.changeable(name)?;
        if definition.is_none() && role.is_none() {
            return Err("MissingRequiredParameter");
        }
        let content = Content {
            definition: definition.unwrap_or(machine.content.definition),
            role: role.unwrap_or(machine.content.role),
        };
        if content != machine.content {
            machine.content = content;
            machine.revision += 1;
        }
        if publish {
            machine.publish(None, now);
        }
        Ok(())
    }

    /// It stays while its executions run.
    fn delete_machine(&mut self, name: Name) -> Result<(), Refusal> {
        if let Some(machine) = self.machines.get_mut(name) {
            machine.deleting = true;
        }
        self.remove_deleted();
        Ok(())
    }

    fn delete_version(&mut self, name: Name, version: u64) -> Result<(), Refusal> {
        let Some(machine) = self.machines.get_mut(name) else { return Ok(()) };
        if machine.aliases.values().any(|alias| alias.routes.iter().any(|(number, _)| *number == version)) {
            return Err("ConflictException");
        }
        machine.versions.remove(&version);
        Ok(())
    }

    fn change_alias(&mut self, machine: Name, alias: Name, change: &AliasChange) -> Result<(), Refusal> {
        match change {
            AliasChange::Create(routes, description) => {
                self.create_alias(machine, alias, routes, *description)
            }
            AliasChange::Update(routes, description) => {
                self.update_alias(machine, alias, routes.as_ref(), *description)
            }
            AliasChange::Delete => {
                self.machines.get_mut(machine).map(|machine| machine.aliases.remove(alias));
                Ok(())
            }
        }
    }

    fn create_alias(
        &mut self,
        name: Name,
        alias: Name,
        routes: &Routes,
        description: Option<Name>,
    ) -> Result<(), Refusal> {
        let now = self.now;
        let machine =
            self.machines.get_mut(name).filter(|machine| machine.has(routes)).ok_or("ResourceNotFound")?;
        if machine.deleting {
            return Err("StateMachineDeleting");
        }
        match machine.aliases.get(alias) {
            Some(there) if there.routes == *routes && there.description == description => Ok(()),
            Some(_) => Err("ConflictException"),
            None => {
                let alias_there = Alias { routes: routes.clone(), description, created: now, updated: now };
                machine.aliases.insert(alias, alias_there);
                Ok(())
            }
        }
    }

    fn update_alias(
        &mut self,
        name: Name,
        alias: Name,
        routes: Option<&Routes>,
        description: Option<Name>,
    ) -> Result<(), Refusal> {
        if routes.is_none() && description.is_none() {
            return Err("ValidationException");
        }
        let now = self.now;
        let machine = self.machines.get_mut(name).filter(|machine| machine.aliases.contains_key(alias));
        let machine = machine.ok_or("ResourceNotFound")?;
        if machine.deleting {
            return Err("StateMachineDeleting");
        }
        if routes.is_some_and(|routes| !machine.has(routes)) {
            return Err("ResourceNotFound");
        }
        let alias = machine.aliases.get_mut(alias).unwrap();
        alias.updated = now;
        alias.description = description.or(alias.description);
        alias.routes = routes.unwrap_or(&alias.routes).clone();
        Ok(())
    }

    fn start(&mut self, name: Name, by: By, execution: Name, input: Name) -> Result<(), Refusal> {
        let machine = self.machines.get(name).filter(|machine| match by {
            By::Machine => true,
            By::Version(number) => machine.versions.contains_key(&number),
            By::Alias(alias) => machine.aliases.contains_key(alias),
        });
        let machine = machine.ok_or("StateMachineDoesNotExist")?;
        if machine.deleting {
            return Err("StateMachineDeleting");
        }
        if let Some(there) = self.execution(name, execution) {
            let repeated = there.ended.is_none() && there.input == input;
            return if repeated { Ok(()) } else { Err("ExecutionAlreadyExists") };
        }
        let generation = machine.generation;
        let started = self.now;
        self.executions.push(Execution {
            machine: name,
            generation,
            name: execution,
            input,
            by,
            started,
            ended: None,
        });
        Ok(())
    }

    /// One that has ended stays as it is.
    fn stop(&mut self, machine: Name, name: Name) -> Result<(), Refusal> {
        let now = self.now;
        let is_it = |execution: &&mut Execution| execution.machine == machine && execution.name == name;
        let execution = self.executions.iter_mut().find(is_it).ok_or("ExecutionDoesNotExist")?;
        execution.ended.get_or_insert((now, "ABORTED"));
        self.remove_deleted();
        Ok(())
    }

    fn pass(&mut self, seconds: u64) {
        self.now += seconds;
        for execution in &mut self.executions {
            let end = execution.started + RUNS_FOR;
            if execution.ended.is_none() && end <= self.now {
                // Of a machine that is being deleted they end where they would have gone on.
                let deleting = self.machines.get(execution.machine).is_some_and(|machine| machine.deleting);
                execution.ended = Some((end, if deleting { "ABORTED" } else { "SUCCEEDED" }));
            }
        }
        self.remove_deleted();
    }

    fn remove_deleted(&mut self) {
        let running: Vec<Name> = self
            .executions
            .iter()
            .filter(|execution| execution.ended.is_none())
            .map(|execution| execution.machine)
            .collect();
        self.machines.retain(|name, machine| !machine.deleting || running.contains(name));
    }

    pub(super) fn execution(&self, machine: Name, name: Name) -> Option<&Execution> {
        self.executions.iter().find(|execution| execution.machine == machine && execution.name == name)
    }

    fn changeable(&mut self, name: Name) -> Result<&mut Machine, Refusal> {
        let machine = self.machines.get_mut(name).ok_or("StateMachineDoesNotExist")?;
        if machine.deleting { Err("StateMachineDeleting") } else { Ok(machine) }
    }

    fn tags(&mut self, name: Name) -> Result<&mut BTreeMap<Name, Name>, Refusal> {
        self.machines.get_mut(name).map(|machine| &mut machine.tags).ok_or("ResourceNotFound")
    }
}

impl Machine {
    /// A revision has one version.
    fn publish(&mut self, description: Option<Name>, now: u64) {
        if self.versions.values().any(|version| version.revision == self.revision) {
            return;
        }
        self.last_version += 1;
        let version = Version { content: self.content, revision: self.revision, description, created: now };
        self.versions.insert(self.last_version, version);
    }

    fn has(&self, routes: &Routes) -> bool {
        routes.iter().all(|(version, _)| self.versions.contains_key(version))
    }
}
