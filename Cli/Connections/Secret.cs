using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>Where a secret is: in a file or in an environment variable. It is read when it is used, and never written.</summary>
/// <param name="What">What it is, such as <c>API key</c>.</param>
/// <param name="File">The file that holds it.</param>
/// <param name="Variable">The environment variable that holds it.</param>
internal sealed record Secret(string What, string? File, string? Variable)
{
    /// <summary>The secret named by the environment: PIPELINE_<c>name</c> holds it, or PIPELINE_<c>name</c>_FILE its file's path.</summary>
    /// <returns>Where it is; null if neither is set.</returns>
    public static Secret? OfEnvironment(string what, string name)
    {
        var variable = $"PIPELINE_{name}";
        return IsSet(variable)
            ? new(what, File: null, variable)
            : Environment.GetEnvironmentVariable($"{variable}_FILE") is { Length: > 0 } file ? new(what, file, Variable: null) : null;
    }

    /// <summary>The secret that a profile names; null if it names none.</summary>
    public static Secret? Of(string what, string? file, string? variable) =>
        file is null && variable is null ? null : new(what, file, variable);

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">It is not there.</exception>
    public string Read() => File is not null
        ? SecretFile.Read(File, What)
        : IsSet(Variable!)
            ? Environment.GetEnvironmentVariable(Variable!)!.Trim()
            : throw new UsageException($"The environment variable {Variable}, which should hold the {What}, is not set.");

    /// <summary>Where it is, for people.</summary>
    public override string ToString() => File is not null ? $"file {File}" : $"variable {Variable}";

    private static bool IsSet(string variable) => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable));
}
