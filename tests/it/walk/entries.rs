//! The lists that the build writes for each vendor, as macros.

/// One entry per method: `id = resource.verb(arguments) { setters } body KIND reply KIND
/// marks;`.
macro_rules! operations {
    ($(
        $id:ident = $resource:ident.$verb:ident(
            $($given:ident $(($given_type:ty))? $($given_target:literal)?),*
        ) { $($setter:ident: $kind:ident $(($type:ty))? $target:literal,)* }
        body $body:ident $(($body_type:ty))?
        reply $reply:ident $(($reply_type:ty))?
        $($mark:ident)*;
    )*) => {
        pub const OPERATIONS: &[$crate::walk::call::Operation] = &[$(
            $crate::walk::call::Operation {
                id: stringify!($id),
                resource: stringify!($resource),
                verb: stringify!($verb),
                arguments: &[$((stringify!($given), concat!($($given_target)?))),*],
                setters: &[$((stringify!($setter), stringify!($kind), $target)),*],
                body: stringify!($body),
                reply: stringify!($reply),
                marks: &[$(stringify!($mark)),*],
                make: |clients, case| {
                    #[allow(unused_mut)]
                    let mut request = client(clients).$resource().$verb($(
                        case.$given$(::<$given_type>)?($($given_target)?)?
                            .ok_or(concat!(
                                "no argument ", stringify!($given), $(" ", $given_target)?
                            ))?
                    ),*);
                    // Before the setters, which override it.
                    $crate::walk::entries::body!(request, case, $body $($body_type)?);
                    $(
                        if let Some(value) = case.$kind$(::<$type>)?($target)? {
                            request = request.$setter(value);
                        }
                    )*
                    $($crate::walk::entries::mark!(request, case, $mark);)*
                    case.shown.borrow_mut().push_str(&format!("{:?}", request.clone()));
                    $crate::walk::entries::run!(request, case, $reply)
                },
            },
        )*];
    };
}

/// Sets the body of a request by its kind.
macro_rules! body {
    ($request:ident, $case:ident, none) => {};
    ($request:ident, $case:ident, argument) => {};
    ($request:ident, $case:ident, $kind:ident $($type:ty)?) => {
        if let Some(body) = $case.$kind$(::<$type>)?()? {
            $request = $request.body(body);
        }
    };
}

/// Applies what a mark allows.
macro_rules! mark {
    ($request:ident, $case:ident, variant) => {};
    ($request:ident, $case:ident, decision) => {
        if $case.reconcile {
            $request = $request.reconcile(true);
        }
    };
    ($request:ident, $case:ident, filter) => {
        for (name, value) in &$case.filters {
            $request = $request.filter(name, value);
        }
    };
}

/// Sends a request, or walks its list.
macro_rules! run {
    ($request:ident, $case:ident, page) => {{
        if let Some(place) = &$case.start_at {
            $request = $request.start_at(place);
        }
        Ok(match $case.act {
            $crate::walk::call::Act::Send => $crate::walk::entries::send!($request, page),
            $crate::walk::call::Act::Items => {
                $crate::walk::call::Running::List(Box::new($request.items()))
            }
            $crate::walk::call::Act::Pages => {
                $crate::walk::call::Running::List(Box::new($request.pages()))
            }
        })
    }};
    ($request:ident, $case:ident, $reply:ident) => {
        Ok($crate::walk::entries::send!($request, $reply))
    };
}

macro_rules! send {
    ($request:ident, $reply:ident) => {{
        let sent = $request.send();
        $crate::walk::call::Running::Call(Box::pin(async move {
            sent.await.map($crate::walk::call::reply::$reply)
        }))
    }};
}

/// The types that no operation responds with.
macro_rules! on_demand {
    ($($name:ident($type:ty))*) => {
        pub const ON_DEMAND: &[(&str, $crate::walk::on_demand::Read)] =
            &[$((stringify!($name), $crate::walk::on_demand::read::<$type>),)*];
    };
}

pub(crate) use {body, mark, on_demand, operations, run, send};
