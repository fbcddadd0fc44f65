namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>The exit codes, for scripts. docs/cli.md lists them, and a test compares the page with this list.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The server refused, a record could not be delivered, or an answer or a file is bad.</summary>
    Failed = 1,

    /// <summary>The command line, the environment or a profile is wrong, or a confirmation was not given.</summary>
    WrongUse = 2,

    /// <summary>The topic, partition, pipeline or dead letter does not exist.</summary>
    NotFound = 3,

    /// <summary>The server does not know the key or token, or the key or token does not allow this.</summary>
    AccessDenied = 4,

    /// <summary>No server answered, or the server is temporarily unavailable.</summary>
    Unreachable = 5,

    /// <summary>The doctor found a problem.</summary>
    ProblemsFound = 6,

    /// <summary>Ended by the hang-up of its terminal (SIGHUP).</summary>
    HungUp = 129,

    /// <summary>Ended by Ctrl-C (SIGINT).</summary>
    Interrupted = 130,

    /// <summary>Ended by SIGTERM.</summary>
    Terminated = 143,
}
