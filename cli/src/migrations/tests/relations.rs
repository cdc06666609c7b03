//! The tables of relations: new, dropped, and with every name that can change.

use super::*;

const TEAM: &str = "  user: {fields: {nick: {type: string}}}\n  team: {fields: {title: {type: string}}, relations: {members: {many_to_many: user}}}\n";

fn step(before: &str, after: &str) -> Difference {
    let (before, after) = (compiled(before), compiled(after));
    difference(&snapshot(&before), &snapshot(&after), &Past::of(&after)).unwrap()
}

/// Runs both migrations with a pair between them, and counts the pairs of this table.
#[track_caller]
fn pairs_left(before: &str, after: &str, table: &str) -> usize {
    let (first, difference) = (first(&compiled(before)), step(before, after));
    let second = Migration::new(2, &difference, None);
    assert!(!second.is_destructive(), "{}", second.summary());
    let mut replay = Replay::new().unwrap();
    replay.apply("first", &first.sqlite).unwrap();
    let rows = "INSERT INTO users VALUES ('u', 0, 0, 1, 'n'); INSERT INTO teams VALUES ('t', 0, 0, 1, 'x'); INSERT INTO team_members VALUES ('t', 'u');";
    replay.apply("rows", rows).unwrap();
    replay.apply("second", &second.sqlite).unwrap();
    assert_eq!(replay.schema().unwrap(), fresh(&difference.after));
    let wanted = snapshot(&compiled(after));
    assert_eq!(wanted.hash(), difference.after.hash());
    // A pair that was kept keeps another one of the same rows out.
    let again = format!("INSERT INTO \"{table}\" VALUES ('t', 'u');");
    usize::from(replay.apply("again", &again).is_err())
}

#[test]
fn a_relation_is_a_table_of_pairs_that_go_with_their_rows() {
    let sql = first(&compiled(TEAM));
    let table = r#"CREATE TABLE "team_members" (
  "from_id" TEXT NOT NULL REFERENCES "teams" ("id") ON DELETE CASCADE,
  "to_id" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  PRIMARY KEY ("from_id", "to_id")
) STRICT;"#;
    assert!(sql.sqlite.contains(table), "{}", sql.sqlite);
    for key in [
        "PRIMARY KEY (\"from_id\", \"to_id\")",
        "\"teams\" (\"id\") ON DELETE CASCADE",
        "\"users\" (\"id\") ON DELETE CASCADE",
    ] {
        assert!(sql.postgres.contains(key), "{}", sql.postgres);
    }
    let index = r#"CREATE INDEX "team_members_to_id_idx" ON "team_members" ("to_id");"#;
    assert!(sql.sqlite.contains(index) && sql.postgres.contains(index));
}

#[test]
fn a_relation_that_goes_loses_its_pairs() {
    let after = TEAM.replace(", relations: {members: {many_to_many: user}}", "");
    let dropped = Migration::new(2, &step(TEAM, &after), None);
    assert!(dropped.is_destructive());
    assert!(dropped.sqlite.contains("DROP TABLE \"team_members\""));
    let added = Migration::new(2, &step(&after, TEAM), None);
    assert!(!added.is_destructive());
    assert!(added.postgres.contains("CREATE TABLE \"team_members\""));
}

#[test]
fn pairs_survive_every_name_that_changes() {
    let relation = TEAM.replace("members: {", "staff: {renamed_from: members, ");
    assert_eq!(pairs_left(TEAM, &relation, "team_staff"), 1);
    let resource = TEAM.replace("team: {", "crew: {renamed_from: team, plural: teams, ");
    assert_eq!(pairs_left(TEAM, &resource, "crew_members"), 1);
    let both = resource.replace("members: {", "staff: {renamed_from: members, ");
    assert_eq!(pairs_left(TEAM, &both, "crew_staff"), 1);
    let other = TEAM
        .replace("  user: {", "  person: {renamed_from: user, ")
        .replace("many_to_many: user", "many_to_many: person");
    assert_eq!(pairs_left(TEAM, &other, "team_members"), 1);
    // A key of a resource that has done its work is in nobody's way.
    let step = step(&resource, &both);
    assert!(step.dropped.is_empty() && step.created.is_empty());
}

#[test]
fn a_rename_that_is_not_said_is_asked_for() {
    let after = TEAM.replace("members:", "staff:");
    let found = step(TEAM, &after);
    assert_eq!(found.likenesses.len(), 1);
    let likeness = &found.likenesses[0];
    assert_eq!(likeness.place, "resources.team.relations.staff");
    assert_eq!(
        (likeness.dropped.as_str(), likeness.added.as_str()),
        ("members", "staff")
    );
    let others = TEAM.replace("members: {many_to_many: user", "staff: {many_to_many: team");
    assert_eq!(step(TEAM, &others).likenesses, []);
}
