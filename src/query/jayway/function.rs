//! The functions of paths: `$.numbers.sum()`.

use super::items::item_at;
use super::json_path::PathError;
use crate::model::Json;
use crate::query::java_text::java_text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Min,
    Max,
    Average,
    StandardDeviation,
    Sum,
    Length,
    Keys,
    First,
    Last,
    Index,
    Concat,
    Append,
}

/// How the functions are written; the first name of each is the one that error texts show.
const FUNCTIONS: &[(&str, Function)] = &[
    ("min", Function::Min),
    ("max", Function::Max),
    ("avg", Function::Average),
    ("stddev", Function::StandardDeviation),
    ("sum", Function::Sum),
    ("length", Function::Length),
    ("size", Function::Length),
    ("keys", Function::Keys),
    ("first", Function::First),
    ("last", Function::Last),
    ("index", Function::Index),
    ("concat", Function::Concat),
    ("append", Function::Append),
];

const NOTHING_TO_AGGREGATE: &str = "Aggregation function attempted to calculate value using empty array";

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(text, _)| *text == name).map(|(_, function)| *function)
    }

    pub(super) fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    /// The value of the function for the place it is called on and its arguments.
    pub(super) fn call(self, on: &Json, arguments: &[Json]) -> Result<Json, PathError> {
        match self {
            Self::Min => {
                aggregate(on, arguments, |numbers| numbers.iter().copied().fold(f64::INFINITY, f64::min))
            }
            Self::Max => {
                aggregate(on, arguments, |numbers| numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max))
            }
            Self::Average => aggregate(on, arguments, average),
            Self::StandardDeviation => aggregate(on, arguments, standard_deviation),
            Self::Sum => aggregate(on, arguments, |numbers| numbers.iter().sum()),
            Self::Length => Ok(length(on, arguments)),
            Self::Keys => Ok(on.as_object().map_or(Json::Null, |members| {
                Json::array(members.keys().map(|key| Json::String(key.clone())).collect())
            })),
            Self::First => item(on, 0),
            Self::Last => item(on, -1),
            Self::Index => match numbers(&Json::array(vec![]), arguments).first() {
                Some(index) => item(on, index.as_i64().unwrap_or(i64::MAX)),
                None => failed("The function index needs a number"),
            },
            Self::Concat => Ok(concat(on, arguments)),
            Self::Append => Ok(append(on, arguments)),
        }
    }
}

fn failed<T>(message: impl Into<String>) -> Result<T, PathError> {
    Err(PathError::Failed(message.into()))
}

/// The numbers of the array it is called on, then those of the arguments.
fn numbers<'v>(on: &'v Json, arguments: &'v [Json]) -> Vec<&'v Json> {
    let of_arguments =
        arguments.iter().flat_map(|argument| argument.as_array().unwrap_or(std::slice::from_ref(argument)));
    on.as_array().into_iter().flatten().chain(of_arguments).filter(|value| value.is_number()).collect()
}

fn aggregate(on: &Json, arguments: &[Json], calculate: impl Fn(&[f64]) -> f64) -> Result<Json, PathError> {
    let numbers: Vec<f64> = numbers(on, arguments).into_iter().filter_map(Json::as_f64).collect();
    if numbers.is_empty() {
        return failed(NOTHING_TO_AGGREGATE);
    }
    // A sum can leave the range of doubles, which JSON cannot hold.
    Ok(Json::Float(calculate(&numbers).clamp(f64::MIN, f64::MAX)))
}

#[expect(clippy::cast_precision_loss, reason = "no array has 2^53 items")]
fn average(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// Of the population, as Jayway computes it.
fn standard_deviation(numbers: &[f64]) -> f64 {
    let mean = average(numbers);
    let squares: Vec<f64> = numbers.iter().map(|number| number * number).collect();
    (average(&squares) - mean * mean).max(0.0).sqrt()
}

/// With an argument, the argument's length.
fn length(on: &Json, arguments: &[Json]) -> Json {
    let of = arguments.first().filter(|argument| argument.as_array().is_some()).unwrap_or(on);
    let members = of.as_object().map(|members| members.len());
    of.as_array().map(<[Json]>::len).or(members).map_or(Json::Null, Json::from)
}

fn item(on: &Json, index: i64) -> Result<Json, PathError> {
    let Some(items) = on.as_array() else {
        return failed(NOTHING_TO_AGGREGATE);
    };
    match item_at(items, index) {
        Some(item) => Ok(item.clone()),
        None => failed(format!("Target index:{index} larger than object count:{}", items.len())),
    }
}

/// Joins the texts of the array it is called on, then those of the arguments; of an array argument every item.
fn concat(on: &Json, arguments: &[Json]) -> Json {
    let mut out = String::new();
    out.extend(on.as_array().into_iter().flatten().filter_map(Json::as_str));
    for argument in arguments {
        match argument.as_array() {
            Some(items) => {
                out.extend(items.iter().filter(|item| !item.is_null()).map(java_text));
            }
            None => out.extend(argument.as_str()),
        }
    }
    Json::from(out)
}

fn append(on: &Json, arguments: &[Json]) -> Json {
    match on.as_array() {
        Some(items) => Json::array(items.iter().chain(arguments).cloned().collect()),
        None => on.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::jayway::JsonPath;

    const DATA: &str = r#"{"n": [1, 2, 3, 6], "w": ["a", 1, "b"], "o": {"x": 1, "y": 2}, "e": [], "d": [{"v": 1}, {"v": 4}]}"#;

    fn read(path: &str) -> Result<String, String> {
        let value = JsonPath::parse(path).unwrap().read(&Json::parse(DATA).unwrap());
        value.map(|value| value.to_text()).map_err(PathError::into_message)
    }

    #[track_caller]
    fn check(path: &str, value: &str) {
        assert_eq!(read(path), Ok(value.to_owned()), "{path}");
    }

    #[track_caller]
    fn check_error(path: &str, message: &str) {
        assert_eq!(read(path), Err(message.to_owned()), "{path}");
    }

    #[test]
    fn aggregates_are_doubles() {
        check("$.n.min()", "1.0");
        check("$.n.max()", "6.0");
        check("$.n.avg()", "3.0");
        check("$.n.sum()", "12.0");
        check("$.n.stddev()", "1.8708286933869707");
        check("$.w.sum()", "1.0");
        check_error("$.e.sum()", NOTHING_TO_AGGREGATE);
        check_error("$.o.sum()", NOTHING_TO_AGGREGATE);
    }

    #[test]
    fn aggregates_take_arguments() {
        check("$.sum($.n, 8)", "20.0");
        check("$.n.max(7, $.d[*].v)", "7.0");
        check("$..v.sum()", "5.0");
    }

    #[test]
    fn lengths_are_integers() {
        check("$.n.length()", "4");
        check("$.n.size()", "4");
        check("$.o.length()", "2");
        check("$.length($.n)", "4");
        check("$..v.length()", "0");
        check("$..n.length()", "4");
        check("$.n[0].length()", "null");
    }

    #[test]
    fn items_are_taken_from_either_end() {
        check("$.n.first()", "1");
        check("$.n.last()", "6");
        check("$.n.index(1)", "2");
        check("$.n.index(-2)", "3");
        check_error("$.e.first()", "Target index:0 larger than object count:0");
        check_error("$.n.index(9)", "Target index:9 larger than object count:4");
        check_error("$.n.index()", "The function index needs a number");
    }

    #[test]
    fn texts_concatenate_and_arrays_append() {
        check("$.w.concat()", r#""ab""#);
        check(r#"$.concat("x", $.w, $.w[0], 'y')"#, r#""xa1bay""#);
        check("$.e.append(1, $.o)", r#"[1,{"x":1,"y":2}]"#);
        check("$.o.keys()", r#"["x","y"]"#);
        check("$.n.keys()", "null");
    }

    #[test]
    fn a_missing_place_has_no_function_values() {
        check_error("$.q.length()", "Missing property in path $['q']");
        check_error("$.sum($.q)", "No results for path: $['q']");
    }

    #[test]
    fn functions_apply_to_each_match_and_their_result_can_be_entered() {
        check("$.d[*].keys()", r#"[["v"],["v"]]"#);
        check("$.d.last().v", "4");
    }
}
