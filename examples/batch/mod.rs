//! What became of a batch of methods that are known by their names.

use defichain_net_rpc::json::{self, Raw};
use defichain_net_rpc::rpc::{BatchFault, BatchResponse};
use defichain_net_rpc::{Method, ResponseError};

use crate::by_name::{self, to_string};

/// The outcome of one call: the name of the method, or none for a reply that is surplus, and the result as JSON.
pub(crate) type Outcome<'n, 'a> = (Option<&'n str>, Result<String, ResponseError<'a>>);

/// The outcomes in the order of the methods, and after them what else the node replied.
pub(crate) fn outcomes<'n, 'a>(
    response: &BatchResponse<'_, 'a>,
    first_id: u64,
    names: &'n [String],
) -> Vec<Outcome<'n, 'a>> {
    let mut id = first_id;
    let mut outcomes = Vec::new();
    for name in names {
        let mut reply = ReplyTo { response, id };
        let result = by_name::call(&mut reply, name, None)
            .unwrap_or_else(|_| reply.result(&Unknown(name), |result| Ok(to_string(&result))));
        outcomes.push((Some(name.as_str()), result));
        id = id.wrapping_add(1);
    }
    outcomes.extend(response.faults().filter_map(|fault| {
        let result = match fault {
            BatchFault::Duplicate(reply) | BatchFault::Surplus(reply) => reply.result::<Raw<'_>>(),
            BatchFault::Invalid(error) => Err(ResponseError::Invalid(error)),
            _ => return None,
        };
        Some((None, result.map(|result| to_string(&result))))
    }));
    outcomes
}

/// The outcomes as a JSON array. Results and errors have the node's own shape.
pub(crate) fn to_json(outcomes: &[Outcome<'_, '_>]) -> String {
    let elements = outcomes.iter().map(|(name, result)| {
        let (result, error) = match result {
            Ok(result) => (result.as_str(), "null".into()),
            Err(ResponseError::Node(error)) => ("null", to_string(error)),
            Err(error) => (
                "null",
                format!("{{\"message\":{}}}", to_string(&error.to_string().as_str())),
            ),
        };
        format!(
            "{{\"method\":{},\"result\":{result},\"error\":{error}}}",
            to_string(name)
        )
    });
    format!("[{}]", elements.collect::<Vec<_>>().join(","))
}

/// The reply to the request with this id.
struct ReplyTo<'r, 's, 'a> {
    response: &'r BatchResponse<'s, 'a>,
    id: u64,
}

impl<'a> ReplyTo<'_, '_, 'a> {
    fn result<M: Method>(
        &self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<String, ResponseError<'a>> {
        json(self.response.response(method, self.id)?).map_err(ResponseError::Invalid)
    }
}

impl<'a> by_name::Caller for ReplyTo<'_, '_, 'a> {
    type Answer = Result<String, ResponseError<'a>>;

    fn call<M: Method>(
        &mut self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<Self::Answer, String> {
        Ok(self.result(method, json))
    }
}

/// A method that the crate does not know. Its result stays what it is.
struct Unknown<'n>(&'n str);

impl Method for Unknown<'_> {
    type Response<'a> = Raw<'a>;

    fn name(&self) -> &str {
        self.0
    }
}
