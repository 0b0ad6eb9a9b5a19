//! Plausible values for what only a deployment knows.

/// What stands for the substitution `name` behind the text `before`. It depends on the field that is written: a resource
/// is an ARN, and what stands outside of a JSON string is a number.
pub(super) fn placeholder(name: &str, before: &str) -> String {
    let known = match name {
        "AWS::Partition" => Some("aws"),
        "AWS::Region" => Some("us-east-1"),
        "AWS::AccountId" => Some("123456789012"),
        "AWS::StackName" => Some("stack"),
        "AWS::URLSuffix" => Some("amazonaws.com"),
        "AWS::NoValue" => Some(""),
        "AWS::StackId" => Some("arn:aws:cloudformation:us-east-1:123456789012:stack/stack/1"),
        _ => None,
    };
    if let Some(known) = known {
        return known.to_owned();
    }
    if !is_within_string(before) {
        return outside_a_string(before);
    }
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let begins_value = before.ends_with('"');
    match field(before) {
        Some("Resource") if begins_value => arn(&plain),
        Some(field) if begins_value && field.ends_with("Path") => "$".to_owned(),
        Some("Variable") if begins_value => "$.placeholder".to_owned(),
        Some(field) if begins_value && field.starts_with("Timestamp") => "2024-01-01T00:00:00Z".to_owned(),
        _ if is_arn(name) => arn(&plain),
        _ => plain,
    }
}

fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

fn is_arn(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".arn") || name.ends_with("arn")
}

fn outside_a_string(before: &str) -> String {
    match field(before) {
        Some("End") => "true".to_owned(),
        Some("States" | "Parameters" | "Result" | "ResultSelector" | "ItemSelector") => "{}".to_owned(),
        Some("ErrorEquals") => "[\"States.ALL\"]".to_owned(),
        _ => "1".to_owned(),
    }
}

/// Whether a JSON text ends within a string.
fn is_within_string(text: &str) -> bool {
    let mut within = false;
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => within = !within,
            _ => {}
        }
    }
    within
}

/// The key of the value that has just begun.
fn field(before: &str) -> Option<&str> {
    let before = before.trim_end().trim_end_matches('"').trim_end();
    let key = before.strip_suffix(':')?.trim_end().strip_suffix('"')?;
    key.rsplit('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_fits_the_place_where_it_stands() {
        let lambda = "arn:aws:lambda:us-east-1:123456789012:function:";
        for (name, before, expected) in [
            ("Pay", r#"{"Resource": ""#, format!("{lambda}Pay")),
            ("Pay", r#"{"Parameters": {"FunctionName": ""#, "Pay".to_owned()),
            ("Pay.Arn", r#"{"Parameters": {"FunctionName": ""#, format!("{lambda}Pay-Arn")),
            ("PayArn", r#"{"FunctionName": "x ""#, "1".to_owned()),
            ("Seconds", r#"{"TimeoutSeconds": "#, "1".to_owned()),
            ("IsEnd", r#"{"End": "#, "true".to_owned()),
            ("When", r#"{"Timestamp": ""#, "2024-01-01T00:00:00Z".to_owned()),
            ("Where", r#"{"InputPath": ""#, "$".to_owned()),
            ("AWS::Partition", r#"{"Resource": "arn:"#, "aws".to_owned()),
            ("Table", r#"{"a": "the \"table\" "#, "Table".to_owned()),
        ] {
            assert_eq!(placeholder(name, before), expected, "{name} {before}");
        }
    }
}
