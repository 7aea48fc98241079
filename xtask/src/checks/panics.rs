//! Proves that no public function can panic: programs that call all of them link, though what a panic would call is
//! defined nowhere. On a Cortex-M and a RISC-V no program has float code or an allocator in it either.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use crate::binary::symbols;
use crate::checks::public_api;
use crate::run::{self, Result, command, folder, install, install_compiler, read, text};
use crate::toolchain::{CORTEX_M0, CORTEX_M3, HOST, Probe, RISCV_IMC, bare_metal};

/// What a panic would call, as two linkers say that it is missing.
const UNDEFINED: [&str; 2] = [
    "undefined symbol: a_panic_is_reachable",
    "undefined reference to `a_panic_is_reachable'",
];
/// What allocates is not in the programs: core itself panics when there is no memory.
const FEATURES: &str = "--features defmt-v1,embedded-io-async-v0.7,heapless-v0.9";
const SOURCES: [&str; 2] = ["xtask/probe/src/bin/public.rs", "xtask/probe/src/bin/streams.rs"];
/// To see that no future is polled after its end, the optimiser has to see it as a whole.
const STREAMS: &[&str] = &["-Cllvm-args=--inline-threshold=3000"];
/// What programs do, who use the crate.
const PROGRAMS: [&str; 3] = ["getpeerinfo", "methods", "everything"];

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    let count = every_function_is_called()?;
    for (targets, level) in [(&[HOST], "3"), (&[CORTEX_M3], "z"), (&[RISCV_IMC], "z")] {
        for (program, features, flags) in [
            ("public", "", &[][..]),
            ("public", "heapless", &[]),
            ("streams", "streams", STREAMS),
        ] {
            must_link(&Probe {
                targets,
                level,
                programs: &[program],
                features,
                flags,
            })?;
        }
        a_panic_would_be_found(targets, level)?;
    }
    let architectures: [&[&str]; 2] = [&[CORTEX_M0, CORTEX_M3], &[RISCV_IMC]];
    for targets in architectures {
        let programs = Probe {
            targets,
            level: "z",
            programs: &PROGRAMS,
            features: "",
            flags: &[],
        };
        must_link(&programs)?;
        refuse_floats_and_heap(&programs)?;
    }
    println!(
        "panics: {count} functions on x86-64, thumbv7m and riscv32imc, none with a way to panic; no panic, no float and no heap in {} programs",
        architectures.concat().len() * PROGRAMS.len()
    );
    Ok(())
}

/// Looks for each public function in the source of the programs.
fn every_function_is_called() -> Result<usize> {
    let items = public_api::items(FEATURES)?;
    let functions = functions(&items);
    if functions.len() < 100 {
        return Err(format!("found only {} public functions", functions.len()).into());
    }
    let source = SOURCES
        .map(fs::read_to_string)
        .into_iter()
        .collect::<io::Result<String>>()?;
    let missing: Vec<&str> = functions
        .iter()
        .filter(|calls| !calls.iter().any(|call| has_word(&source, call)))
        .map(|calls| &*calls[0])
        .collect();
    if !missing.is_empty() {
        return Err(format!("the programs do not call {}", missing.join(", ")).into());
    }
    Ok(functions.len())
}

/// For each public function the ways in which it may be called: by its name, or `Type::name`. Functions of traits are called
/// through the traits; of these `Display` alone is looked for, as `shown::<Type>` or `shown::<module::Type>`.
fn functions(items: &[String]) -> BTreeSet<Vec<String>> {
    let mut functions = BTreeSet::new();
    let mut of_trait = false;
    for item in items {
        if let Some(shown) = item
            .strip_prefix("impl")
            .and_then(|item| item.split_once("core::fmt::Display for "))
        {
            let path = without_generics(shown.1);
            let (module, name) = path.rsplit_once("::").unwrap_or_default();
            let module = module.rsplit("::").next().unwrap_or_default();
            functions.insert(vec![format!("shown::<{name}"), format!("shown::<{module}::{name}")]);
        }
        if item.starts_with("impl") || item.starts_with("pub trait ") {
            of_trait = item.starts_with("pub trait ") || item.contains(" for ");
        }
        let function = item.strip_prefix("pub ").and_then(|item| item.split_once("fn "));
        if let Some((_, path)) = function.filter(|function| is_qualified(function.0)) {
            let path = without_generics(path);
            let mut parts = path.split('(').next().unwrap_or_default().rsplit("::");
            let (name, owner) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            if !owner.starts_with(char::is_uppercase) {
                // A module's, or that of a trait for a type like `u8`.
                if path.starts_with("defichain_net_rpc::") {
                    functions.insert(vec![name.to_owned()]);
                }
            } else if !of_trait {
                functions.insert(vec![format!("{owner}::{name}")]);
            }
        }
    }
    functions
}

/// Whether nothing but `const`, `async` and the like comes before `fn`.
fn is_qualified(before: &str) -> bool {
    before.chars().all(|c| c.is_ascii_lowercase() || c == ' ')
}

/// The text without what stands between `<` and `>`.
fn without_generics(text: &str) -> String {
    let mut depth = 0;
    let mut last = ' ';
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' if last != '-' => depth -= 1,
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
        last = c;
    }
    kept
}

/// Whether a text has this word, and not only as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(start, _)| !text[..start].ends_with(is_part) && !text[start + word.len()..].starts_with(is_part))
}

fn must_link(probe: &Probe<'_>) -> Result {
    let output = run::output(&mut probe.command()?)?;
    if output.status.success() {
        return Ok(());
    }
    let log = text(&output.stderr);
    if !names_panic(&log) {
        return Err(log.into());
    }
    eprintln!("{log}");
    let programs = probe.programs.join(" or ");
    if probe.targets != [HOST] {
        let features = format!("may-panic {}", probe.features);
        let linked = Probe {
            features: &features,
            ..*probe
        };
        linked.build()?;
        for target in probe.targets {
            for program in probe.programs {
                eprintln!("what panics in {program} on {target}:");
                for call in panicking(&linked.path(target, program)?, target)? {
                    eprintln!("  {call}");
                }
            }
        }
    }
    Err(format!("a panic can be reached in {programs} on {}", probe.targets.join(" or ")).into())
}

/// Whether a linker says that what a panic would call is missing.
fn names_panic(log: &str) -> bool {
    UNDEFINED.iter().any(|message| log.contains(message))
}

/// The functions of a program that call what panics.
fn panicking(program: &Path, target: &str) -> Result<BTreeSet<String>> {
    let (binutils, branch) = if target.starts_with("riscv") {
        ("riscv64-unknown-elf", "\tj")
    } else {
        ("arm-none-eabi", "\tb")
    };
    install(&format!("binutils-{binutils}"))?;
    let listing = read(command(&format!("{binutils}-objdump -dC")).arg(program))?;
    let mut calls = BTreeSet::new();
    let mut caller = "";
    for line in listing.lines() {
        let Some((before, name)) = line.split_once('<') else {
            continue;
        };
        if let Some(name) = name.strip_suffix(">:") {
            caller = name;
        } else if before.contains(branch)
            && let Some(callee) = name.strip_suffix('>')
        {
            calls.insert((callee, caller));
        }
    }
    let mut waiting = vec!["core::panicking::panic_fmt"];
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    while let Some(callee) = waiting.pop() {
        for (_, caller) in calls.iter().filter(|call| call.0 == callee) {
            if !caller.trim_start_matches('<').starts_with("core::") {
                found.insert(format!("{caller} by {callee}"));
            } else if seen.insert(*caller) {
                waiting.push(caller);
            }
        }
    }
    Ok(found)
}

/// Links a program that has a panic in it, to be sure that one would be found.
fn a_panic_would_be_found(targets: &[&str], level: &str) -> Result {
    let probe = Probe {
        targets,
        level,
        programs: &["public"],
        features: "panic",
        flags: &[],
    };
    let output = run::output(&mut probe.command()?)?;
    let target = targets.join(" or ");
    if output.status.success() {
        return Err(format!("{target} links with a panic in it").into());
    }
    let log = text(&output.stderr);
    if names_panic(&log) {
        return Ok(());
    }
    Err(format!("{target} fails for another reason than the panic in it:\n{log}").into())
}

fn refuse_floats_and_heap(programs: &Probe<'_>) -> Result {
    // What no program calls, such as formatting, is in the library, which need not be without a heap.
    for features in [
        "--features alloc,defmt-v1,embedded-io-async-v0.7,heapless-v0.9,serde_json",
        "",
    ] {
        let mut build = bare_metal(
            "build --quiet --locked --lib --package defichain-net-rpc",
            programs.targets,
        )?;
        build.args(features.split_whitespace());
        run::run(
            build
                .env("CARGO_TARGET_DIR", folder("bare")?)
                .env("RUSTFLAGS", "-D warnings"),
        )?;
    }
    for target in programs.targets {
        for program in programs.programs {
            refuse(&programs.path(target, program)?, |name| is_float(name) || is_heap(name))?;
        }
        let library = folder("bare")?.join(target).join("debug/libdefichain_net_rpc.rlib");
        refuse(&library, is_float)?;
    }
    Ok(())
}

fn refuse(file: &Path, is_refused: impl Fn(&str) -> bool) -> Result {
    let found: Vec<String> = symbols(file)?
        .into_iter()
        .map(|symbol| symbol.0)
        .filter(|name| is_refused(name))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} has float code or an allocator: {}",
        file.display(),
        found.join(", ")
    )
    .into())
}

fn is_heap(name: &str) -> bool {
    let functions = ["alloc", "realloc", "dealloc"];
    ["__rust_", "__rg_", "__rdl_"].iter().any(|prefix| {
        name.split(prefix)
            .skip(1)
            .any(|rest| functions.iter().any(|function| rest.starts_with(function)))
    })
}

/// Whether a name is one of core's float modules, a float type, or a function of the compiler for floats.
fn is_float(name: &str) -> bool {
    if ["::float::", "dec2flt", "flt2dec"]
        .iter()
        .any(|module| name.contains(module))
    {
        return true;
    }
    name.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| {
        ["f16", "f32", "f64", "f128"].contains(&word)
            || word.strip_prefix("__aeabi_").is_some_and(is_float_of_arm)
            || word.strip_prefix("__").is_some_and(is_float_of_gcc)
    })
}

/// `dadd`, `fcmpeq`, `cdcmple`, `h2f`, `i2d`, `ul2f` and so on.
fn is_float_of_arm(name: &str) -> bool {
    let integer = name.strip_prefix('u').unwrap_or(name);
    let compared = name.strip_prefix('c').unwrap_or(name);
    name.starts_with("h2f")
        || ["i2d", "i2f", "l2d", "l2f"]
            .iter()
            .any(|start| integer.starts_with(start))
        || compared.starts_with(['d', 'f'])
}

/// `adddf3`, `extendsfdf2`, `fixunsdfsi`, `floatsisf` and so on: letters, then `hf`, `sf`, `df` or `tf`, and at the end
/// nothing, a digit, or a second type.
fn is_float_of_gcc(name: &str) -> bool {
    let name = name.strip_suffix(['2', '3']).unwrap_or(name);
    let is_type = |end: &str| matches!(end.as_bytes(), [b'h' | b's' | b'd' | b't', b'f' | b'i']);
    let is_float = |end: &str| is_type(end) && end.ends_with('f');
    let Some((rest, last)) = name.split_at_checked(name.len().wrapping_sub(2)) else {
        return false;
    };
    let before = rest.split_at_checked(rest.len().wrapping_sub(2));
    name.bytes().all(|byte| byte.is_ascii_lowercase())
        && (is_float(last) && !rest.is_empty()
            || is_type(last) && before.is_some_and(|(rest, last)| is_float(last) && !rest.is_empty()))
}
