using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>The severity of a finding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    /// <summary>The subject works.</summary>
    Ok,

    /// <summary>The subject works, but needs attention.</summary>
    Warning,

    /// <summary>The subject does not work, or soon will not.</summary>
    Problem,
}

/// <summary>A finding of the doctor.</summary>
/// <param name="Severity">The severity.</param>
/// <param name="Subject">The subject, such as an address, a topic or a pipeline.</param>
/// <param name="Text">The finding.</param>
/// <param name="Advice">The remedy; null if none is needed.</param>
internal sealed record Finding(Severity Severity, string Subject, string Text, string? Advice);

/// <summary>The findings so far, in the order in which they were made.</summary>
internal sealed class DoctorReport
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public void Ok(string subject, string text) => _findings.Add(new(Severity.Ok, subject, text, Advice: null));

    public void Warn(string subject, string text, string advice) => _findings.Add(new(Severity.Warning, subject, text, advice));

    public void Fail(string subject, string text, string advice) => _findings.Add(new(Severity.Problem, subject, text, advice));
}
