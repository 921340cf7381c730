use super::{Encrypted, Entry, SopsFormat, read, without_comments};
use crate::sops_files::{VALUE, file, holding};

/// A text with `ENC` for something encrypted.
fn with(format: SopsFormat, text: &str) -> String {
    let quoted = format!("'{VALUE}'");
    text.replace("ENC", if format == SopsFormat::Yaml { &quoted } else { VALUE })
}

#[track_caller]
fn bare(format: SopsFormat, text: &str) -> Vec<String> {
    read(format, &with(format, text)).unwrap_or_else(|why| panic!("{why}: {text}")).bare()
}

#[track_caller]
fn refused(format: SopsFormat, text: &str, why: &str) {
    let said = read(format, &with(format, text)).map(|_| ()).expect_err(text);
    assert!(said.contains(why), "{said}");
}

#[test]
fn each_format_is_read() {
    let made = file(["a", "b/c"]);
    let yaml = read(SopsFormat::Yaml, &made).expect("a sound file");
    assert_eq!(yaml.all_keys(), ["a", "b/c"]);
    for (format, text) in [
        (SopsFormat::Json, r#"{"a": "ENC", "b": {"c": "ENC"}, "sops": {"mac": "ENC"}}"#),
        (
            SopsFormat::Dotenv,
            "# x\na=ENC\nb=ENC\nsops_mac=ENC\nsops_age__list_0__map_recipient=age1x\n",
        ),
        (SopsFormat::Ini, "; x\na = ENC\n[b]\nc = \"ENC\"\n[sops]\nmac = ENC\n"),
        (SopsFormat::Binary, r#"{"data": "ENC", "sops": {"mac": "ENC", "version": "3.13"}}"#),
    ] {
        assert_eq!(bare(format, text), Vec::<String>::new(), "{format:?}");
    }
    let ini = with(SopsFormat::Ini, "a = ENC\n[b]\nc = ENC\n[sops]\nmac = ENC\n");
    let ini = read(SopsFormat::Ini, &ini).expect("a sound file");
    assert_eq!(ini.all_keys(), ["DEFAULT/a", "b/c"]);
}

#[test]
fn what_everybody_can_read_is_named() {
    let own = "sops: { mac: ENC }\n";
    let of = |text: &str| bare(SopsFormat::Yaml, &format!("{text}\n{own}"));
    assert_eq!(of("a: ENC\nb: { c: x, d: 1, e: true, f: ENC }"), ["b/c", "b/d", "b/e"]);
    assert_eq!(of("a: [ENC, x, y]"), ["a"]);
    // Nothing is nothing to hide, and what has such a name is left on purpose.
    assert_eq!(of("a: ''\nb:\nc: []\nd_unencrypted: { e: x }"), Vec::<String>::new());
    let short = VALUE.replace("vRu4=,tag", "vR=,tag");
    let tag = VALUE.replace("tag:UZz3", "tag:");
    let odd = VALUE.replace("data:OBna", "data:OBn");
    for almost in [
        "ENC[x]",
        "ENC[AES256_GCM,data:,iv:a,tag:a,type:str]",
        "xENC",
        "ENCx",
        "ENC ENC",
        &short,
        &tag,
        &odd,
    ] {
        let text =
            almost.replace("ENC ENC", &format!("{VALUE} x")).replace("xENC", &format!("x{VALUE}"));
        let text = format!("a: \"{text}\"\nsops: {{ mac: \"{VALUE}\" }}\n");
        let file = read(SopsFormat::Yaml, &text).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(file.bare(), ["a"], "{almost}");
    }
    assert_eq!(bare(SopsFormat::Dotenv, "a=x\nb=ENC\nodd\nsops_mac=ENC"), ["a", "/"]);
    assert_eq!(bare(SopsFormat::Ini, "[s]\na=x\na=ENC\n[sops]\nmac=ENC"), ["s/a"]);
    assert_eq!(bare(SopsFormat::Json, r#"{"a": 1, "b": null, "sops": {"mac": "ENC"}}"#), ["a"]);
    assert_eq!(bare(SopsFormat::Binary, r#"{"data": "x", "sops": {"mac": "ENC"}}"#), ["data"]);
    // A second document is in the file too.
    assert_eq!(bare(SopsFormat::Yaml, "a: ENC\nsops: { mac: ENC }\n---\nb: x\n").len(), 1);
    let both =
        "a: ENC\nsops: { mac: ENC, version: x }\n---\nb: ENC\nsops: { mac: ENC, version: x }\n";
    assert!(
        bare(SopsFormat::Yaml, both).is_empty(),
        "sops writes its own words into each document"
    );
}

#[test]
fn the_rule_of_a_file_says_what_is_left() {
    let of = |rule: &str| {
        let text = format!("a_x: p\nb: {{ a_x: p, c: p }}\nsops: {{ mac: ENC, {rule} }}\n");
        bare(SopsFormat::Yaml, &text)
    };
    assert_eq!(of("version: 3"), ["a_x", "b/a_x", "b/c"]);
    assert_eq!(of("unencrypted_suffix: _x"), ["b/c"]);
    assert_eq!(of("encrypted_suffix: _x"), ["a_x", "b/a_x"]);
    assert_eq!(of("encrypted_regex: '^(?i)B$'"), ["b/a_x", "b/c"]);
    assert_eq!(of("unencrypted_regex: '_x$'"), ["b/c"]);
    assert_eq!(of("unencrypted_regex: '('"), ["a_x", "b/a_x", "b/c"]);
    assert_eq!(of("unencrypted_comment_regex: x"), Vec::<String>::new());
}

#[test]
fn what_sops_did_not_write_is_refused() {
    refused(SopsFormat::Yaml, "a: x\n", "nothing of its own");
    refused(SopsFormat::Yaml, "", "nothing of its own");
    refused(SopsFormat::Yaml, "- a\n", "keys");
    refused(SopsFormat::Yaml, "a: ENC\nsops: x\n", "nothing of its own");
    refused(SopsFormat::Yaml, "a: ENC\nsops: {}\n", "`mac`");
    refused(SopsFormat::Yaml, "a: ENC\nsops: { mac: x }\n", "`mac`");
    refused(SopsFormat::Yaml, "a: [", "cannot be read as YAML");
    refused(SopsFormat::Yaml, "1: ENC\nsops: { mac: ENC }", "no text");
    refused(SopsFormat::Yaml, "a: x\na: ENC\nsops: { mac: ENC }", "duplicate");
    refused(SopsFormat::Json, "a: x", "JSON");
    refused(SopsFormat::Binary, "-----BEGIN PRIVATE KEY-----", "JSON");
    refused(SopsFormat::Dotenv, "A=1\n", "nothing of its own");
    refused(SopsFormat::Ini, "A=1\n", "nothing of its own");
}

#[test]
fn keys_walk() {
    let text =
        with(SopsFormat::Yaml, "a: { b: ENC, n: NUMBER }\nl: [ENC]\nx: y\nsops: { mac: ENC }\n");
    let text = text.replace("NUMBER", &format!("'{}'", VALUE.replace("type:str", "type:int")));
    let file = read(SopsFormat::Yaml, &text).expect("a sound file");
    assert_eq!(file.get("a/b"), Entry::Value(Encrypted::Text));
    assert_eq!(file.get("a/n"), Entry::Value(Encrypted::Other));
    assert_eq!(file.get("x"), Entry::Value(Encrypted::Plain));
    assert_eq!(file.get("a"), Entry::Keys(vec!["b", "n"]));
    assert_eq!(file.get("l"), Entry::List);
    for key in ["", "/", "a/", "a/c", "b", "x/y", "l/0", "sops", "sops/mac"] {
        assert!(matches!(file.get(key), Entry::Missing), "{key}");
    }
    let made = holding("secret a { key = \"p\" }\nsecret b { key=\"q/r\", n = \"key\" }");
    assert_eq!(read(SopsFormat::Yaml, &made).expect("a sound file").all_keys(), ["p", "q/r"]);
}

/// Neither takes long, nor much.
#[test]
fn odd_files_end() {
    let many = 200_000;
    for text in
        ["[", "{", "[a: ", "{a: ", "- ", "? ", "a: ", "&a ", "!a ", "'", "\"", "\u{0}", "---\n"]
    {
        let text = text.repeat(many);
        for format in [
            SopsFormat::Yaml,
            SopsFormat::Json,
            SopsFormat::Dotenv,
            SopsFormat::Ini,
            SopsFormat::Binary,
        ] {
            assert!(read(format, &text).is_err());
        }
    }
    let laughs: String =
        (1..40).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
    assert!(read(SopsFormat::Yaml, &format!("a0: &a0 [x]\n{laughs}")).is_err());
}

#[test]
fn comments_that_everybody_can_read_are_left_out() {
    let sealed = "ENC[AES256_GCM,data:eA==,iv:yvaJ83aeWlysCAtTvX5jfPcSCLUSBlhKbETgix6vRu4=,tag:UZz3A4mKmVUM/IIXScCsvw==,type:comment]";
    let made = |format, text: &str| with(format, text).replace("SEALED", sealed);
    let same = |format, text: &str, wanted: &str| {
        let left = without_comments(format, &made(format, text)).into_owned();
        assert_eq!(left, made(format, wanted), "{text}");
    };
    let own = "sops:\n    mac: ENC\n";
    same(
        SopsFormat::Yaml,
        &format!("# old: x\na: ENC # x\nb:\n    #x\n    c: ENC\n    #SEALED\n{own}# x"),
        &format!("a: ENC\nb:\n    c: ENC\n    #SEALED\n{own}"),
    );
    // What looks like one and is a part of a text stays; what is one between such goes.
    let text = "a_unencrypted: |\n    # x\n    y\n# z\nb: 'p\n    # q'\n";
    same(
        SopsFormat::Yaml,
        &format!("# 1\n{text}# 2\n{own}"),
        &format!("{}{own}", text.replace("# z\n", "")),
    );
    same(
        SopsFormat::Dotenv,
        "# x\nA=ENC\nB=a # b\nsops_mac=ENC\n",
        "A=ENC\nB=a # b\nsops_mac=ENC\n",
    );
    same(SopsFormat::Ini, "; x\n[a]\n# y\nb = ENC\n", "[a]\nb = ENC\n");
    // Comments say there what is encrypted.
    let said = format!("# x\na: ENC\n{own}    encrypted_comment_regex: x\n");
    same(SopsFormat::Yaml, &said, &said);
    let json = "{\"a\": \"# x\"}";
    same(SopsFormat::Json, json, json);
    same(SopsFormat::Binary, json, json);
}
