//! Where settings come from, which of them wins, and what development makes.

use super::*;

#[test]
fn a_secret_has_one_source() {
    let mut project = Project::new();
    project.write("secret", SECRET);
    let path = project.path("secret").display().to_string();
    project.set("SECAPI_SECRET_FILE", &path);
    assert!(project.refused_by().contains(&"secret file"));
    project.unset("SECAPI_SECRET");
    project.set("SECAPI_SECRET_FILE", "/nonexistent");
    assert!(project.refused_by().contains(&"secret file"));
}

#[test]
fn without_an_environment_only_loopback_is_served() {
    let mut project = Project::development();
    assert_eq!(project.config().environment, Environment::Development);
    for (address, refused) in [
        ("0.0.0.0:8080", true),
        ("[::]:8080", true),
        ("192.0.2.1:80", true),
        ("127.0.0.2:0", false),
        ("[::1]:8080", false),
        ("[::ffff:127.0.0.1]:1", false),
    ] {
        project.set("SECAPI_LISTEN", address);
        assert_eq!(!project.refused_by().is_empty(), refused, "{address}");
    }
    project
        .set("SECAPI_LISTEN", "0.0.0.0:8080")
        .set("SECAPI_ENV", "development");
    assert_eq!(project.refused_by(), Vec::<&str>::new());
}

#[test]
fn development_makes_its_secret_and_its_key_once_and_for_itself() {
    let project = Project::development();
    let first = project.config();
    let second = project.config();
    assert_eq!(first.secrets.derive("x"), second.secrets.derive("x"));
    assert_eq!(first.keys.signing().kid(), second.keys.signing().kid());
    assert_eq!(mode(&project.path("data")), 0o700);
    assert_eq!(mode(&project.path("data/secret")), 0o600);
    let key = fs::read_dir(project.path("data/keys"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(mode(&key.path()), 0o600);
    assert_eq!(fs::read_dir(project.path("data")).unwrap().count(), 2);
}

#[test]
fn an_inspection_judges_as_production_and_makes_nothing() {
    let project = Project::development();
    let loaded = load(&project.sources, &project.definition, Purpose::Inspect);
    let checks: Vec<_> = loaded
        .config
        .unwrap_err()
        .iter()
        .map(|refusal| refusal.check)
        .collect();
    assert_eq!(checks, ["public_url", "secret", "signing keys"]);
    assert!(!project.path("data").exists());
}

#[test]
fn later_layers_win() {
    let mut project = Project::development();
    project.write("config/default.toml", "listen = \"127.0.0.1:1\"\ncors_origins = [\"https://a.example\", \"https://b.example\"]\npublic_url = \"http://file\"\n");
    assert_eq!(project.config().listen.port(), 1);
    assert_eq!(project.config().cors_origins.len(), 2);
    project.write("config/development.toml", "listen = \"127.0.0.1:2\"\n");
    project.write("config/production.toml", "listen = \"127.0.0.1:9\"\n");
    assert_eq!(project.config().listen.port(), 2);
    project.write(
        ".env",
        "# comment\nexport SECAPI_LISTEN='127.0.0.1:3'\nSECAPI_CORS_ORIGINS=\n",
    );
    assert_eq!(project.config().listen.port(), 3);
    assert_eq!(project.config().cors_origins, Vec::<String>::new());
    project.set("SECAPI_LISTEN", "127.0.0.1:4");
    assert_eq!(project.config().listen.port(), 4);
    assert_eq!(project.config().public_url, "http://file");
}

#[test]
fn production_does_not_read_the_env_file() {
    let project = Project::new();
    project.write(".env", "SECAPI_CORS_ORIGINS=*\nSECAPI_NONSENSE=1\n");
    assert_eq!(project.refused_by(), Vec::<&str>::new());
}

/// The file is for development: secrets in it are no secrets, and whoever edits its first line must not get a production
/// of them.
#[test]
fn the_env_file_makes_no_production() {
    let mut project = Project::new();
    project.unset("SECAPI_ENV");
    project.write(".env", "SECAPI_ENV=production\n");
    let refusals = project.load().config.unwrap_err();
    assert_eq!(refusals[0].check, "environment");
    assert!(refusals[0].sentence.contains(".env"), "{}", refusals[0]);
    project.write(".env", "SECAPI_ENV=development\n");
    assert_eq!(project.config().environment, Environment::Development);
}

#[test]
fn oddities_are_warned_of() {
    let mut project = Project::new();
    project.write("policies/app.cedar", "");
    project.definition.settings.https = Https::Off;
    let warnings = project.load().warnings;
    assert!(
        warnings[0].contains("no policy") && warnings[1].contains("plain HTTP"),
        "{warnings:?}"
    );
    assert!(project.load().config.is_ok());
}

#[test]
fn a_log_without_security_events_is_warned_of() {
    let mut project = Project::new();
    for (filter, word) in [
        ("off", "leaves out"),
        ("warn", "leaves out"),
        ("info,secapi::security=off", "leaves out"),
        ("[[[", "cannot be read"),
    ] {
        project.set("RUST_LOG", filter);
        let warnings = project.load().warnings;
        assert!(
            warnings.len() == 1 && warnings[0].contains(word),
            "{filter}: {warnings:?}"
        );
        assert!(project.load().config.is_ok());
    }
    for filter in ["info", "debug,hyper=off", "warn,secapi::security=info"] {
        project.set("RUST_LOG", filter);
        assert_eq!(project.load().warnings, Vec::<String>::new(), "{filter}");
    }
}

#[test]
fn limits_that_are_thought_to_be_shared_are_warned_of() {
    let mut project = Project::new();
    project.set("REDIS_URL", "redis://127.0.0.1");
    let warnings = project.load().warnings;
    assert!(
        warnings.len() == 1 && warnings[0].contains("REDIS_URL"),
        "{warnings:?}"
    );
    assert!(!warnings[0].contains("127.0.0.1"));
    project.set("REDIS_URL", "");
    assert_eq!(project.load().warnings, Vec::<String>::new());
}

#[test]
fn a_proxy_is_trusted_however_its_address_is_written() {
    let mut project = Project::new();
    for (written, trusts) in [
        ("::ffff:192.0.2.0/120", true),
        ("::ffff:192.0.2.1", true),
        ("::ffff:198.51.100.0/120", false),
    ] {
        project.set("SECAPI_TRUSTED_PROXIES", written);
        let proxies = project.config().trusted_proxies;
        assert_eq!(
            proxies.trusts("192.0.2.1".parse().unwrap()),
            trusts,
            "{written}"
        );
    }
    // All of IPv4 is everybody, however it is written.
    project.set("SECAPI_TRUSTED_PROXIES", "::ffff:0:0/96");
    let refusals = project.load().config.unwrap_err();
    assert_eq!(refusals[0].check, "trusted proxies");
}

#[test]
fn an_unknown_key_is_an_error_and_an_unknown_variable_a_warning() {
    let mut project = Project::new();
    project.write(
        "config/production.toml",
        "listen = \"0.0.0.0:1\"\nlisen = \"x\"\n[http]\nx = 1\n",
    );
    let sentences: Vec<String> = project
        .load()
        .config
        .unwrap_err()
        .iter()
        .map(|refusal| refusal.sentence.clone())
        .collect();
    assert_eq!(sentences.len(), 2, "{sentences:?}");
    assert!(
        sentences
            .iter()
            .any(|it| it.contains("`lisen`") && it.contains("production.toml")),
        "{sentences:?}"
    );
    project.write("config/production.toml", "");
    project.set("SECAPI_LISENT", "x").set("RUST_BACKTRACE", "1");
    let loaded = project.load();
    assert!(loaded.config.is_ok());
    assert_eq!(
        loaded.warnings,
        ["SECAPI_LISENT in the environment is not a variable of this service"]
    );
}

#[test]
fn a_secret_in_a_configuration_file_is_refused_without_being_shown() {
    let project = Project::new();
    project.write(
        "config/production.toml",
        &format!("secret = \"{SECRET}\"\n"),
    );
    assert_eq!(project.refused_by(), ["configuration file"]);
    project.write(
        "config/production.toml",
        &format!("listen = [\"{SECRET}\"]\npublic_url = 7\n= {SECRET}"),
    );
    assert_eq!(project.refused_by(), ["configuration file"]);
    project.write("config/default.toml", "log = 7\n");
    project.write("config/production.toml", "");
    let refusals = project.load().config.unwrap_err();
    assert_eq!(refusals[0].check, "log");
    assert!(
        refusals[0].sentence.contains("default.toml"),
        "{}",
        refusals[0]
    );
}
