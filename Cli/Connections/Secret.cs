using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>The place of a secret: a file or an environment variable. Each use reads the secret, and the command never writes it.</summary>
/// <param name="What">The kind of secret, such as <c>API key</c>.</param>
/// <param name="File">The file that holds it.</param>
/// <param name="Variable">The environment variable that holds it.</param>
internal sealed record Secret(string What, string? File, string? Variable)
{
    /// <summary>
    /// Finds the secret that the environment names: PIPELINE_<c>name</c> holds it, or PIPELINE_<c>name</c>_FILE holds its file's path.
    /// Null if neither is set.
    /// </summary>
    public static Secret? OfEnvironment(string what, string name)
    {
        var variable = $"PIPELINE_{name}";
        return IsSet(variable)
            ? new(what, File: null, variable)
            : Environment.GetEnvironmentVariable($"{variable}_FILE") is { Length: > 0 } file ? new(what, file, Variable: null) : null;
    }

    /// <summary>Gets the secret that a profile names; null for none.</summary>
    public static Secret? Of(string what, string? file, string? variable) =>
        file is null && variable is null ? null : new(what, file, variable);

    /// <exception cref="UsageException">The file or variable has no secret.</exception>
    public string Read() => File is not null
        ? SecretFile.Read(File, What)
        : IsSet(Variable!)
            ? Environment.GetEnvironmentVariable(Variable!)!.Trim()
            : throw new UsageException($"The environment variable {Variable}, which should hold the {What}, is not set.");

    /// <summary>Names the place for people.</summary>
    public override string ToString() => File is not null ? $"file {File}" : $"variable {Variable}";

    private static bool IsSet(string variable) => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable));
}
