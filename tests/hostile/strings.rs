//! Strings: what sections 7 and 8 of RFC 8259 refuse, in values and in names, and what is text all the same.

use defichain_net_rpc::json::{self, ErrorKind, Text};

use crate::places::{malformed, malformed_name, read, skipped};

/// Makes sure that what stands between two quotes is malformed at this of its bytes, as a value and as a name.
#[track_caller]
fn malformed_text(text: &[u8], kind: ErrorKind, index: usize) {
    let string = [b"\"", text, b"\""].concat();
    malformed(&string, kind, index + 1);
    malformed_name(&string, kind, index + 1);
}

#[test]
fn a_control_character_is_escaped() {
    for control in [b'\0', b'\t', b'\n', b'\r', 0x1f] {
        malformed_text(&[b'a', control, b'b'], ErrorKind::Control, 1);
    }
    for byte in 0..0x80 {
        let string = [b'"', b'a', byte, b'b', b'"'];
        let error = json::from_slice::<Text<&str>>(&string).map_err(|error| error.kind.json().unwrap());
        let expected = match byte {
            0..0x20 => Some(ErrorKind::Control),
            b'"' => Some(ErrorKind::Trailing),
            // An escape of its own with what follows it.
            _ => None,
        };
        assert_eq!(error.err(), expected, "{byte}");
    }
}

#[test]
fn an_escape_is_one_of_nine() {
    for escape in [
        r"\x",
        r"\a",
        r"\v",
        r"\0",
        r"\'",
        r"\U0041",
        r"\N",
        "\\\n",
        "\\\u{e9}",
        r"\u12G4",
        r"\u+041",
        r"\u-041",
        r"\u 041",
        r"\u00e",
        r"\u",
        r"\u{e9}",
        r"\ud834\u12G4",
    ] {
        malformed_text(format!("a{escape}").as_bytes(), ErrorKind::Escape, 1);
    }
}

#[test]
fn half_a_surrogate_pair_is_no_character() {
    for half in [
        r"\ud834",
        r"\uD834b",
        r"\udbff\n",
        r"\ud800\u0041",
        r"\udd1e",
        r"\udfff",
        r"\udd1e\ud834",
        r"\ud834\ud834",
        r"\ud834\udbff",
        r"\ud834\\udd1e",
    ] {
        malformed_text(format!("a{half}").as_bytes(), ErrorKind::Surrogate, 1);
        malformed_text(format!(r"\ud834\udd1e{half}").as_bytes(), ErrorKind::Surrogate, 12);
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_no_text() {
    for bytes in [
        // Overlong.
        b"\xc0\x80".as_slice(),
        b"\xc1\xbf",
        b"\xe0\x80\x80",
        b"\xe0\x9f\xbf",
        b"\xf0\x80\x80\x80",
        b"\xf0\x8f\xbf\xbf",
        // Surrogates.
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xed\xa0\xb4\xed\xb4\x9e",
        // Beyond U+10FFFF.
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        // Too short, or without a beginning.
        b"\xc3",
        b"\xe2\x82",
        b"\xf0\x9d\x84",
        b"\x80",
        b"\xbf\xbf",
        b"\xfe",
        b"\xff",
    ] {
        malformed_text(bytes, ErrorKind::Utf8, 0);
        let before = "a long text before it \\n é".as_bytes();
        malformed_text(
            &[before, bytes, b"and after it"].concat(),
            ErrorKind::Utf8,
            before.len(),
        );
    }
}

#[test]
fn the_first_thing_that_is_wrong_with_a_text_is_told() {
    malformed_text(b"\xff\x00", ErrorKind::Utf8, 0);
    malformed_text(b"\x00\xff", ErrorKind::Control, 0);
    malformed_text(b"\\x\xff", ErrorKind::Escape, 0);
    malformed_text(b"\xff\\x", ErrorKind::Utf8, 0);
    malformed_text(b"\\ud834\xff", ErrorKind::Surrogate, 0);
    malformed_text(b"\xc3\\u00e9", ErrorKind::Utf8, 0);
    malformed_text(b"\\u00\xff9", ErrorKind::Escape, 0);
}

#[test]
fn strings_mean_what_their_escapes_say() {
    for (text, expected) in [
        (r"\ud834\udd1e", "\u{1d11e}"),
        (r"\uD834\uDD1E", "\u{1d11e}"),
        (r"\ud800\udc00\udbff\udfff", "\u{10000}\u{10ffff}"),
        (r"\u0000", "\0"),
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u00e9\u20AC", "é€"),
        (r"\ud7ff\ue000\uffff", "\u{d7ff}\u{e000}\u{ffff}"),
        (
            "\u{7f}é€𝄞\u{80}\u{2028}\u{fffe}\u{10ffff}",
            "\u{7f}é€𝄞\u{80}\u{2028}\u{fffe}\u{10ffff}",
        ),
        (r"\\u0041", r"\u0041"),
        ("", ""),
    ] {
        let string = format!("\"{text}\"");
        skipped(&string);
        skipped(&format!("{{{string}:0}}"));
        let ours = read("text", &string, |all| {
            let text = all.text.unwrap();
            assert_eq!(text, expected);
            assert_eq!(text.to_string(), expected);
            Some(text.chars().collect::<String>())
        });
        assert_eq!(ours, Ok(expected.to_owned()));
    }
}

#[test]
fn a_buffer_one_byte_short_for_a_text_is_left_as_it_was() {
    for (json, expected) in [
        (r#""plain é""#, "plain é"),
        (r#""\u00e9scaped\ud834\udd1e""#, "éscaped𝄞"),
        (r#""\u0000""#, "\0"),
    ] {
        let text = json::from_slice::<Text<&str>>(json.as_bytes()).unwrap();
        for short in 0..expected.len() {
            let mut buf = vec![b'.'; short];
            assert_eq!(text.decode(&mut buf).unwrap_err().needed, expected.len(), "{json}");
            assert!(buf.iter().all(|byte| *byte == b'.'), "{json}");
        }
        assert_eq!(text.decode(&mut vec![b'.'; expected.len()]), Ok(expected));
    }
}
