using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The subject works, but needs attention.</summary>
    Warning,

    /// <summary>It does not work, or soon will not.</summary>
    Problem,
}

/// <summary>Something that the doctor found.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What it is about, such as an address, a topic or a pipeline.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do.</param>
internal sealed record Finding(Severity Severity, string Subject, string Text, string? Advice);

/// <summary>What the doctor has found so far.</summary>
internal sealed class DoctorReport
{
    private readonly List<Finding> _findings = [];

    /// <summary>The findings, in the order in which they were made.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Notes that something is as it should be.</summary>
    public void Ok(string subject, string text) => _findings.Add(new(Severity.Ok, subject, text, Advice: null));

    /// <summary>Notes that somebody should look at something.</summary>
    public void Warn(string subject, string text, string advice) => _findings.Add(new(Severity.Warning, subject, text, advice));

    /// <summary>Notes that something does not work.</summary>
    public void Fail(string subject, string text, string advice) => _findings.Add(new(Severity.Problem, subject, text, advice));
}
