namespace As2.Storage.PostgreSql;

/// <summary>The transactions of a message: each is one of these lists of statements, whole or not at all.</summary>
internal static class Steps
{
    public static Statements New(NewMessage arrival)
    {
        var (step, message) = (new Statements(), arrival.Message);
        var id = IdOf(message.Id);
        MessageTable.Insert(step, id, message);
        for (var i = 0; i < arrival.Jobs.Count; i++)
            JobTable.Add(step, id, JobTable.LaneOf(message.Key), arrival.Jobs[i], i == 0 ? arrival.LeaseToCaller : null);
        MailboxTable.Apply(step, arrival.Mailbox, id);
        EventTable.Add(step, id, arrival.Events);
        return step;
    }

    public static Statements Apply(Job job, Transition transition)
    {
        var (step, id) = (new Statements(), IdOf(job.MessageId));
        MessageTable.DemandLegal(step, id, transition);
        JobTable.End(step, job, transition);
        var stays = transition.KeepsState || (transition.WhenLastOfKind && transition.Job != JobOutcome.Done);
        MessageTable.Change(step, id, transition, stays ? null : transition.To, transition.WhenLastOfKind && !stays ? job.Kind : null);
        return Finish(step, id, transition);
    }

    /// <summary>The step, or null where the identifier is none.</summary>
    public static Statements? Reconcile(string messageId, Transition transition)
    {
        if (SqlRow.ToId(messageId) is not { } id)
            return null;
        var step = new Statements();
        MessageTable.DemandLegal(step, id, transition);
        JobTable.Reconcile(step, id, transition);
        MessageTable.Change(step, id, transition, transition.KeepsState ? null : transition.To, lastOf: null);
        return Finish(step, id, transition);
    }

    private static Statements Finish(Statements step, Guid id, Transition transition)
    {
        JobTable.AddFurther(step, id, transition.NewJobs);
        MailboxTable.Apply(step, transition.Mailbox, id);
        EventTable.Add(step, id, transition.Events);
        return step;
    }

    private static Guid IdOf(string id) => SqlRow.ToId(id) ?? throw new ArgumentException($"'{id}' is no identifier of a message: 32 hexadecimal digits.", nameof(id));
}
